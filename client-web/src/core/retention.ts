// SPDX-License-Identifier: Apache-2.0
//
// The part of the HTTP API that is about how long data is kept.
import type * as T from './api.gen.ts';
import { at, json, query } from './http.ts';

const POST = 'POST' as const;
type Signal = AbortSignal | undefined;

export const retention = {
    get: (signal?: Signal) => json<T.Retention>('/retention', at(signal)),
    run: (id: number, signal?: Signal) => json<T.RetentionRun>(`/retention/runs/${id}`, at(signal)),
    ask: (key: string) => json<T.RetentionRun>('/retention/runs', { method: POST, key }),
    items: (id: number, kind: T.RetentionKind | null, cursor?: string, signal?: Signal) =>
        json<T.RetentionItems>(query(`/retention/runs/${id}/items`, { kind: kind ?? undefined, cursor, limit: 100 }), at(signal)),
    confirm: (run: T.RetentionRun) => json<T.RetentionRun>(`/retention/runs/${run.id}/confirm`, { method: POST, etag: `"v${run.rev}"` }),
    withdraw: (id: number) => json<T.RetentionRun>(`/retention/runs/${id}/withdraw`, { method: POST }),
    hold: (body: T.RetentionHoldNew, key: string) => json<T.RetentionHold>('/retention/holds', { method: POST, body, key }),
    lift: (id: number) => json<T.Nothing>(`/retention/holds/${id}/lift`, { method: POST }),
};

/** Is somebody at work on it, so that the page asks again soon? */
export const atWork = (run: T.RetentionRun | null): boolean => run?.state === 'listing' || run?.state === 'running';

export const total = (run: T.RetentionRun, of: 'due' | 'held' | 'done' | 'spared'): number =>
    run.counts.reduce((sum, c) => sum + c[of], 0);

/** A period in the largest whole unit: 365 days are a year, 30 are days. */
export function period(days: number): { n: number; unit: 'years' | 'days' } {
    const years = Math.round(days / 365.25);
    return years >= 1 && Math.abs(days - years * 365.25) <= 1 ? { n: years, unit: 'years' } : { n: days, unit: 'days' };
}

/** The kinds whose items are people. */
export const PEOPLE: readonly T.RetentionKind[] = ['child', 'family', 'staff'];
