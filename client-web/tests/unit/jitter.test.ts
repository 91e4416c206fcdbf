// SPDX-License-Identifier: Apache-2.0
//
// The jitter buffer against a line that is scripted: frames of a voice-like tone captured every 20 ms, each
// arriving at a time of its own; what comes out is looked at sample by sample.
import { describe, expect, it } from 'vitest';
import { JitterBuffer } from '../../src/core/frames/jitter.ts';
import { energy, levelOf, longer, period, shorter } from '../../src/core/frames/stretch.ts';

const FRAME = 960;
const HZ = 200; // period of 240 samples
const tone = (from: number, n: number, loud = 0.3): Float32Array => Float32Array.from({ length: n }, (_, i) => loud * Math.sin((2 * Math.PI * HZ * (from + i)) / 48_000));

interface Run { delays: number[]; out: Float32Array; buffer: JitterBuffer; held: number[]; biggestStep: number }

/** A seeded number from 0 to 1. */
function random(seed: number): () => number {
    let s = seed;
    return () => {
        s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
        return s / 2 ** 32;
    };
}

/**
 * Plays `seconds`; `arrival(n)` tells when frame n arrives (ms after its capture began), null: never.
 * `speed`: how much faster the capture clock runs than the playout clock.
 */
function play(seconds: number, arrival: (n: number) => number | null, { speed = 1, silent = false, twice = false } = {}): Run {
    const buffer = new JitterBuffer();
    const out = new Float32Array(seconds * 48_000);
    const block = new Float32Array(128);
    const delays: number[] = [];
    const held: number[] = [];
    const due: Array<{ at: number; n: number }> = [];
    for (let n = 0; n * 20 < seconds * 1000 * speed; n++) {
        const late = arrival(n);
        if (late !== null) due.push({ at: (n * 20) / speed + late, n });
    }
    due.sort((a, b) => a.at - b.at || a.n - b.n);
    for (let at = 0; at + 128 <= out.length; at += 128) {
        const ms = at / 48;
        while (due[0] && due[0].at <= ms) {
            const { n } = due.shift() ?? { n: 0 };
            const frame = (): { time: number; samples: Float32Array } => ({ time: 1e9 + n * 20_000, samples: silent ? new Float32Array(FRAME) : tone(n * FRAME, FRAME) });
            buffer.push(frame());
            if (twice) buffer.push(frame());
        }
        buffer.pull(block);
        out.set(block, at);
        if (buffer.playing !== null) delays.push(ms - ((buffer.playing - 1e9) / 1000) / speed);
        held.push(buffer.heldMs);
    }
    let biggestStep = 0;
    for (let i = 1; i < out.length; i++) biggestStep = Math.max(biggestStep, Math.abs((out[i] ?? 0) - (out[i - 1] ?? 0)));
    return { delays, out, buffer, held, biggestStep };
}
const last = (list: number[], n = 500): number => list.slice(-n).reduce((a, b) => a + b, 0) / Math.min(n, list.length);
const share = (r: Run): number => 1 - r.buffer.stats.filled / r.buffer.stats.played;
const SMOOTH = 0.3 * ((2 * Math.PI * HZ) / 48_000) * 4; // four times what the tone itself does from sample to sample

describe('the jitter buffer', () => {
    it('plays a steady line whole, with the least delay', () => {
        const r = play(10, () => 20);
        expect(share(r)).toBeGreaterThan(0.995);
        expect(last(r.delays)).toBeLessThan(20 + 40 + 25);
        expect(r.biggestStep).toBeLessThan(SMOOTH);
        expect(r.buffer.stats.late + r.buffer.stats.twice + r.buffer.stats.over).toBe(0);
    });
    it('gives the very samples that came in', () => {
        const r = play(4, () => 20);
        const from = r.out.length - 9600;
        const heard = r.out.subarray(from, from + 4800);
        let best = Infinity;
        for (let shift = 0; shift < 240; shift++) {
            const want = tone(shift, heard.length);
            best = Math.min(best, energy(heard.map((v, i) => v - (want[i] ?? 0))));
        }
        expect(best).toBeLessThan(1e-4);
    });
    it('grows with jitter until frames come in time, and shrinks again', () => {
        const rnd = random(5);
        const jitter = (n: number): number => 20 + (n < 1000 ? rnd() * 150 : 0);
        const r = play(60, jitter);
        const during = r.delays.slice(2000, 7000);
        expect(last(during, 3000)).toBeGreaterThan(120);
        expect(share(r)).toBeGreaterThan(0.95);
        expect(last(r.delays)).toBeLessThan(100);
    });
    it('holds on through a stall and catches up within seconds', () => {
        // TCP: for 300 ms nothing comes, then all of it at once
        const r = play(20, (n) => 20 + (n >= 200 && n < 215 ? (215 - n) * 20 : 0));
        expect(Math.max(...r.delays.slice(500))).toBeGreaterThan(200); // just after it the voice is late ...
        expect(last(r.delays)).toBeLessThan(120); // ... and at the end it is not
        expect(share(r)).toBeGreaterThan(0.975);
        expect(r.biggestStep).toBeLessThan(SMOOTH * 2);
    });
    it('fills a lost frame and goes on', () => {
        const r = play(10, (n) => (n % 20 === 7 ? null : 20));
        expect(share(r)).toBeGreaterThan(0.94);
        expect(share(r)).toBeLessThan(0.96);
        expect(last(r.delays)).toBeLessThan(100);
        expect(r.biggestStep).toBeLessThan(SMOOTH * 2);
    });
    it('takes a frame once, and none that comes after its time', () => {
        expect(play(2, () => 20, { twice: true }).buffer.stats.twice).toBeGreaterThan(90);
        const r = play(6, (n) => (n === 250 ? 300 : 20));
        expect(r.buffer.stats.late + r.buffer.stats.twice).toBe(1);
    });
    it.each([['faster', 1.001], ['slower', 0.999]])('follows a capture clock that runs 1000 ppm %s, for minutes', (_, speed) => {
        const r = play(240, () => 20, { speed });
        const early = last(r.delays.slice(4000, 8000), 4000);
        expect(Math.abs(last(r.delays, 4000) - early)).toBeLessThan(15);
        expect(share(r)).toBeGreaterThan(0.99);
        expect(speed > 1 ? r.buffer.stats.shortened : r.buffer.stats.lengthened).toBeGreaterThan(0.8 * 240 * 48);
        expect(r.biggestStep).toBeLessThan(SMOOTH);
    });
    it('corrects in silence without a trace', () => {
        const r = play(60, () => 20, { speed: 1.001, silent: true });
        expect(r.buffer.stats.shortened).toBeGreaterThan(0);
        expect(energy(r.out)).toBe(0);
    });
    it('never holds more than its limit, whatever comes', () => {
        const buffer = new JitterBuffer();
        for (let n = 0; n < 1000; n++) buffer.push({ time: n * 20_000, samples: tone(n * FRAME, FRAME) });
        expect(buffer.heldMs).toBeLessThanOrEqual(1300);
        expect(buffer.stats.over).toBeGreaterThan(900);
        const out = new Float32Array(128);
        for (let i = 0; i < 4000; i++) buffer.pull(out);
        expect(buffer.heldMs).toBeLessThan(30);
    });
    it('waits for stalls that come again and again, and forgets them when they do not', () => {
        // bursts of loss under TCP: every four seconds nothing comes for 400 ms
        const stall = (n: number): number => (n < 2000 && n % 200 >= 100 && n % 200 < 120 ? (120 - (n % 200)) * 20 : 0);
        const r = play(60, (n) => 20 + stall(n));
        const before = play(12, (n) => 20 + stall(n)).buffer.stats;
        const filled = play(40, (n) => 20 + stall(n)).buffer.stats.filled - before.filled;
        expect(filled / (28 * 48_000)).toBeLessThan(0.03); // from the third one on
        expect(last(r.delays)).toBeLessThan(120);
    });
    it('takes a pause of the voice as a pause: no growing delay after it', () => {
        const r = play(20, (n) => (n >= 300 && n < 600 ? null : 20));
        expect(last(r.delays)).toBeLessThan(100);
        expect(energy(r.out.subarray(48_000 * 7, 48_000 * 11))).toBe(0);
    });
    it('says that nothing plays while a pause is only filled: pictures are not held for it', () => {
        const r = play(10, (n) => (n < 100 || n % 20 === 0 ? 20 : null)); // then a frame every 400 ms, as of a silent person
        expect(Math.max(...r.delays.slice(-1500))).toBeLessThan(160);
    });
});

describe('stretching', () => {
    it('finds the period of a voice and leaves it where it was', () => {
        const x = tone(0, 1920);
        expect(Math.abs(period(x) - 240)).toBeLessThanOrEqual(4);
        for (const y of [shorter(x), longer(x)]) {
            expect(Math.abs(Math.abs(y.length - x.length) - 240)).toBeLessThanOrEqual(4);
            expect(Math.abs(period(y) - 240)).toBeLessThanOrEqual(4);
            expect(energy(y)).toBeCloseTo(energy(x), 2);
        }
    });
    it('measures loudness as RFC 6464 wants it', () => {
        expect([levelOf(new Float32Array(960)), levelOf(new Float32Array(960).fill(1)), levelOf(tone(0, 960, 1)), levelOf(tone(0, 960, 0.1))]).toEqual([127, 0, 3, 23]);
    });
});
