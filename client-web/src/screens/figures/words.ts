// SPDX-License-Identifier: Apache-2.0
import type { FigureDefinition, FigureName, FigureShares, FigureText, FiguresBy, FiguresGroup, FiguresTable, SubjectCode } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { useHours } from '../reports/useHours.ts';

/** A text of the server in the page's language; pseudo letters are the page's own. */
export function useText(): (text: FigureText) => string {
    const { lang } = useI18n();
    return (text) => text[lang === 'ru' ? 'ru' : 'en'];
}

/** The name and the sentence of a figure, as the server defines it. */
export function useDefinition(table: FiguresTable): (figure: FigureDefinition['figure']) => { name: string; about: string } {
    const text = useText();
    return (figure) => {
        const d = table.definitions.find((one) => one.figure === figure);
        return d ? { name: text(d.name), about: text(d.about) } : { name: figure, about: '' };
    };
}

/** A count, a duration or a share; a share of nothing is "no data". */
export function useFigure(): { count: (figure: FigureName, n: number) => string; share: (tenths: FigureShares[keyof FigureShares]) => string } {
    const { t, fmt } = useI18n();
    const hours = useHours();
    return {
        count: (figure, n) => (figure === 'contact' ? hours(n) : fmt.number(n)),
        share: (tenths) => (tenths === null ? t('figures.no_data') : t('figures.percent', { n: fmt.number(tenths / 10) })),
    };
}

export function useGroupName(): (by: FiguresBy, group: FiguresGroup) => string {
    const { t, fmt } = useI18n();
    return (by, group) => (by === 'month' ? fmt.month(group.key) : by === 'subject' ? t(`subject.${group.key as SubjectCode}`) : group.name ?? group.key);
}
