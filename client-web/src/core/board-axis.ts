// SPDX-License-Identifier: Apache-2.0
//
// The shared clock of the live board: an hour back, an hour on, in steps of half an hour.
import type { Axis } from './strip.ts';

const STEP = 30 * 60_000;

/** From the half hour before last to an hour and a half later; it moves on every half hour, not every second. */
export function boardAxis(now: number): Axis {
    const from = Math.floor(now / STEP) * STEP - 1.5 * STEP;
    return { from, to: from + 4 * STEP };
}

/** The half hours on an axis. */
export function ticks(axis: Axis): { at: number; share: number }[] {
    const all = [];
    for (let at = Math.ceil(axis.from / STEP) * STEP; at < axis.to; at += STEP) all.push({ at, share: (at - axis.from) / (axis.to - axis.from) });
    return all;
}
