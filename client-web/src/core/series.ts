// SPDX-License-Identifier: Apache-2.0
//
// Weekly series: the part of the HTTP API about them, and their recurrence rule as the page says it.
import type * as T from './api.gen.ts';
import { at, json } from './http.ts';
import { addDays } from './wall.ts';

export const seriesApi = {
    list: (signal?: AbortSignal) => json<T.SeriesList>('/series', at(signal)),
    end: (s: T.Series, body: T.SeriesEnd, key: string) => json<T.SeriesEnded>(`/series/${s.id}/end`, { method: 'POST', etag: `"v${s.rev}"`, body, key }),
};

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

export interface Rule {
    /** 1 Monday .. 7 Sunday, in the order of a week */
    days: number[];
    /** weeks from one to the next */
    every: number;
    /** the last day it allows; null: open, or counted */
    until: string | null;
}

const weekday = (date: string): number => new Date(`${date}T12:00:00Z`).getUTCDay() || 7;

/** Reads a weekly rule of RFC 5545 section 3.3.10; without BYDAY it means the weekday of its first day. */
export function readRule(rule: string, first: string): Rule {
    const parts = new Map(rule.split(';').map((p) => p.split('=', 2) as [string, string | undefined]));
    const days = (parts.get('BYDAY') ?? '').split(',').map((d) => DAYS.indexOf(d) + 1).filter((d) => d > 0).sort((a, b) => a - b);
    const until = /^(\d{4})(\d\d)(\d\d)/.exec(parts.get('UNTIL') ?? '');
    return {
        days: days.length > 0 ? days : [weekday(first)], every: Number(parts.get('INTERVAL')) || 1,
        until: until ? `${until[1] ?? ''}-${until[2] ?? ''}-${until[3] ?? ''}` : null,
    };
}

/** The last day that a series may have a lesson on: its rule's, or the day before it was ended. */
export function lastDay(s: Pick<T.Series, 'rule' | 'first' | 'ends_before'>): string | null {
    const { until } = readRule(s.rule, s.first);
    const ended = s.ends_before === null ? null : addDays(s.ends_before, -1);
    return until !== null && ended !== null ? (until < ended ? until : ended) : ended ?? until;
}

/** Is it of the child or mentor that an address names? `centre` is everybody. */
export function isOf(s: Pick<T.Series, 'children' | 'mentor'>, of: string): boolean {
    const [kind, id] = of.split('-');
    return kind === 'child' ? s.children.some((c) => String(c.id) === id) : kind === 'mentor' ? String(s.mentor.id) === id : true;
}
