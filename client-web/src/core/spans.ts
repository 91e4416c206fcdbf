// SPDX-License-Identifier: Apache-2.0
//
// Calendar days as spans of days without a gap, and back.
export interface DaySpan { from: string; to: string }

const DAY_MS = 86_400_000;
const number = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
const text = (n: number): string => new Date(n * DAY_MS).toISOString().slice(0, 10);

/** Spans in order; days that are there twice count once. */
export function spansOf(days: readonly string[]): DaySpan[] {
    const spans: DaySpan[] = [];
    for (const day of [...new Set(days)].sort()) {
        const last = spans.at(-1);
        if (last && number(day) === number(last.to) + 1) last.to = day;
        else spans.push({ from: day, to: day });
    }
    return spans;
}

/** Every day of a span; none if it ends before it begins. */
export function daysOf({ from, to }: DaySpan): string[] {
    const n = number(to) - number(from) + 1;
    return Array.from({ length: Number.isFinite(n) && n > 0 ? n : 0 }, (_, i) => text(number(from) + i));
}
