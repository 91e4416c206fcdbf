// SPDX-License-Identifier: Apache-2.0
//
// Makes a piece of voice a little shorter or longer without changing its pitch: one period of it is
// faded into the next. Also what is played where a piece is missing. Pure: samples in, samples out.

const SHORTEST = 120; // 2.5 ms at 48 kHz: a voice of 400 Hz
const LONGEST = 600; // 12.5 ms: 80 Hz
const BIAS = 1e-5; // of two periods and one the one is taken
const STEP = 4; // the period need not be found to the sample

/** The mean square of samples of -1 to 1. */
export function energy(x: Float32Array): number {
    let sum = 0;
    for (const v of x) sum += v * v;
    return x.length > 0 ? sum / x.length : 0;
}

/** -dBov of samples of -1 to 1: 0 loudest, 127 silence (RFC 6464). */
export function levelOf(x: Float32Array): number {
    const e = energy(x);
    return e <= 0 ? 127 : Math.min(127, Math.max(0, Math.round(-10 * Math.log10(e))));
}

/** The period at which x resembles itself most. x is at least twice LONGEST. */
export function period(x: Float32Array): number {
    let best = SHORTEST;
    let most = -Infinity;
    for (let lag = SHORTEST; lag <= LONGEST && 2 * lag <= x.length; lag += STEP) {
        let cross = 0;
        let own = 1e-9;
        for (let i = 0; i < lag; i += STEP) {
            cross += (x[i] ?? 0) * (x[i + lag] ?? 0);
            own += (x[i] ?? 0) ** 2 + (x[i + lag] ?? 0) ** 2;
        }
        const like = (2 * cross) / own - lag * BIAS;
        if (like > most) {
            most = like;
            best = lag;
        }
    }
    return best;
}

/** From a to b over n samples. */
function fade(out: Float32Array, at: number, a: Float32Array, b: Float32Array, n: number): void {
    for (let i = 0; i < n; i++) {
        const w = (i + 0.5) / n;
        out[at + i] = (a[i] ?? 0) * (1 - w) + (b[i] ?? 0) * w;
    }
}

/** x without one of its periods. */
export function shorter(x: Float32Array): Float32Array {
    const p = period(x);
    const out = new Float32Array(x.length - p);
    fade(out, 0, x, x.subarray(p), p);
    out.set(x.subarray(2 * p), p);
    return out;
}

/** x with one of its periods twice. */
export function longer(x: Float32Array): Float32Array {
    const p = period(x);
    const out = new Float32Array(x.length + p);
    out.set(x.subarray(0, p));
    fade(out, p, x.subarray(p), x, p);
    out.set(x.subarray(p), 2 * p);
    return out;
}

/** What follows `last` when the next piece is missing: its last period again and again, fading from `gain`. */
export function filler(last: Float32Array, n: number, gain: number, until: number): Float32Array {
    const out = new Float32Array(n);
    if (last.length < 2 * SHORTEST || gain <= 0) return out;
    const back = Float32Array.from(last).reverse();
    const p = Math.min(period(back), last.length);
    for (let i = 0; i < n; i++) out[i] = (last[last.length - p + (i % p)] ?? 0) * (gain + ((until - gain) * i) / n);
    return out;
}

/** Lets `next` begin where `tail` would have gone on. */
export function join(tail: Float32Array, next: Float32Array): void {
    const n = Math.min(tail.length, next.length);
    for (let i = 0; i < n; i++) {
        const w = (i + 0.5) / n;
        next[i] = (tail[i] ?? 0) * (1 - w) + (next[i] ?? 0) * w;
    }
}
