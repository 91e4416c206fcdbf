// SPDX-License-Identifier: Apache-2.0
//
// A list of weekly times while it is being written: what the editor adds, and whether it may.
import type { HoursRow, HoursRowNew } from './api.gen.ts';

export type Times = HoursRowNew;
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const FAR = '9999-12-31';

/** Treatment and rest cannot lie over each other, free times not over free times. */
function clash(a: Times, b: Times): boolean {
    return (a.kind === 'free') === (b.kind === 'free') && a.weekday === b.weekday && a.from < b.to && b.from < a.to
        && (a.since ?? '') <= (b.until ?? FAR) && (b.since ?? '') <= (a.until ?? FAR);
}

export const overlaps = (rows: readonly Times[]): boolean => rows.some((a, i) => rows.slice(0, i).some((b) => clash(a, b)));

export const ordered = (rows: readonly Times[]): Times[] => [...rows].sort((a, b) => a.weekday - b.weekday || a.from.localeCompare(b.from));

/** What was answered, as it may be sent back. */
export const asNew = (rows: readonly HoursRow[]): Times[] => rows.map((r) => ({ ...r }));
