// SPDX-License-Identifier: Apache-2.0
//
// How loud a microphone is, for the bars of the ready check, and when that counts as a voice. Pure.

export const BARS = 14;
/** Loud enough, 0 to 1 of a bar: above the noise of a quiet room. */
export const VOICE = 0.22;
/** Loud looks needed before it counts: a knock is no voice. */
const LOUD_LOOKS = 4;

export interface VoiceMeter {
    /** the last looks, oldest first, each 0 to 1 */
    levels: number[];
    loud: number;
    heard: boolean;
}

export const quietMeter: VoiceMeter = { levels: Array.from({ length: BARS }, () => 0), loud: 0, heard: false };

/** Height of a bar for samples of -1 to 1: -60 dB is nothing, -10 dB is full. */
export function barOf(samples: ArrayLike<number>): number {
    let sum = 0;
    for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2;
    const db = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
    return Math.min(1, Math.max(0, (db + 60) / 50));
}

export function meterAfter(meter: VoiceMeter, bar: number): VoiceMeter {
    const loud = meter.loud + (bar >= VOICE ? 1 : 0);
    return { levels: [...meter.levels.slice(1), bar], loud, heard: meter.heard || loud >= LOUD_LOOKS };
}
