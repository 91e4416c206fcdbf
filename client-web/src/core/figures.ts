// SPDX-License-Identifier: Apache-2.0
//
// What is asked of the figures, as an address says it: months, by what, narrowed to whom.
import type { FigureName, FiguresBy, FiguresGroup } from './api.gen.ts';

export interface FiguresAsk {
    /** absent: the running month */
    from?: string; to?: string;
    by?: FiguresBy;
    school?: string; mentor?: string; subject?: string;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const BY: readonly FiguresBy[] = ['centre', 'school', 'mentor', 'subject', 'month'];
const FORMS: [keyof FiguresAsk, RegExp][] = [['from', MONTH], ['to', MONTH], ['by', new RegExp(`^(${BY.join('|')})$`)],
    ['school', /^[1-9]\d{0,15}$/], ['mentor', /^[1-9]\d{0,15}$/], ['subject', /^[a-z][a-z0-9_]{0,79}$/]];
const FIGURE = /^[a-z][a-z_]{1,30}$/;

/** The parts of the query that can be such; anything else is as if it were not there. */
export function readAsk(params: URLSearchParams): FiguresAsk {
    const found = FORMS.filter(([name, form]) => form.test(params.get(name) ?? '')).map(([name]) => [name, params.get(name)]);
    return Object.fromEntries(found) as FiguresAsk;
}

export const readFigure = (text: string | null): FigureName | null => (text && FIGURE.test(text) ? text as FigureName : null);

export function askQuery(ask: FiguresAsk, more: Record<string, string> = {}): string {
    const set = FORMS.map(([name]) => [name, ask[name]] as const).filter((pair): pair is [keyof FiguresAsk, string] => Boolean(pair[1]));
    const text = new URLSearchParams([...Object.entries(more), ...set]).toString();
    return text ? `?${text}` : '';
}

/** The same question for one group of its answer. A centre is all there is. */
export function narrowed(ask: FiguresAsk, by: FiguresBy, group: FiguresGroup): FiguresAsk {
    if (by === 'month') return { ...ask, from: group.key, to: group.key };
    return by === 'centre' ? ask : { ...ask, [by]: group.key };
}

export const isNarrow = (ask: FiguresAsk): boolean => Boolean(ask.school ?? ask.mentor ?? ask.subject);

/** So many months, ending with this one, newest first. */
export function monthsBack(last: string, n: number): string[] {
    const [y = 0, m = 0] = last.split('-').map(Number);
    return Array.from({ length: n }, (_, i) => {
        const at = y * 12 + m - 1 - i;
        return `${String(Math.floor(at / 12))}-${String(at % 12 + 1).padStart(2, '0')}`;
    });
}
