// SPDX-License-Identifier: Apache-2.0
//
// The two-lane strip: mentor above, child below, the lesson's window behind. Instants become shares of
// an axis; gaps stay gaps. Pure.
import type { Interval, Span, Strip } from './api.gen.ts';

export interface Bar { /** share of the axis, 0..1 */ from: number; width: number }
export interface Axis { from: number; to: number }
export interface Lanes { window: Bar; mentor: Bar[]; child: Bar[]; outages: Bar[]; now: number | null }

const LEAST = 0.006; // a stay of seconds is still seen

/** The axis of one lesson alone: its window and some air for those who come early or stay on. */
export function ownAxis(strip: Strip): Axis {
    const length = strip.end - strip.start;
    const stays = [...strip.mentor, ...strip.child];
    const first = Math.min(strip.start - length * 0.12, ...stays.map((s) => s.from));
    const last = Math.max(strip.end + length * 0.04, ...stays.map((s) => s.to));
    return { from: Math.max(first, strip.start - length * 0.3), to: Math.min(last, strip.end + length * 0.3) };
}

function bar(axis: Axis, from: number, to: number): Bar | null {
    const length = axis.to - axis.from;
    const a = Math.max(0, (from - axis.from) / length);
    const b = Math.min(1, (to - axis.from) / length);
    if (b <= 0 || a >= 1 || b < a) return null;
    return { from: a, width: Math.max(LEAST, b - a) };
}

const bars = (axis: Axis, spans: readonly (Span | Interval)[]): Bar[] =>
    spans.map((s) => bar(axis, s.from, s.to)).filter((b): b is Bar => b !== null);

/** Bars of a strip on an axis; `now` is the share of this moment, or null when it is outside. */
export function lanes(strip: Strip, axis: Axis, now?: number): Lanes {
    const share = now === undefined ? null : (now - axis.from) / (axis.to - axis.from);
    return {
        window: bar(axis, strip.start, strip.end) ?? { from: 0, width: 0 },
        mentor: bars(axis, strip.mentor),
        child: bars(axis, strip.child),
        outages: bars(axis, strip.outages),
        now: share !== null && share >= 0 && share <= 1 ? share : null,
    };
}

/** Whole minutes that two lanes have in common, for a label. */
export function sharedMinutes(strip: Strip): number {
    let ms = 0;
    for (const m of strip.mentor) {
        for (const c of strip.child) ms += Math.max(0, Math.min(m.to, c.to, strip.end) - Math.max(m.from, c.from, strip.start));
    }
    return Math.floor(ms / 60_000);
}
