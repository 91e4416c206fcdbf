// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { UdpLook } from '../../src/core/look.ts';
import type { SignallingWorld } from '../../src/core/signalling.ts';
import { lookPause, raceMs, wayMemory } from '../../src/core/way.ts';

describe('the way of the media, by itself', () => {
    it('waits for six round trips of the line, within bounds', () => {
        expect([null, 0, 100, 150, 300, 5000].map(raceMs)).toEqual([1200, 450, 600, 900, 1800, 2500]);
    });
    it('is looked for soon, then ever more seldom', () => {
        expect([0, 1, 2, 3, 4, 9].map((n) => lookPause(n, () => 0))).toEqual([5_000, 30_000, 60_000, 120_000, 300_000, 300_000]);
    });
    it('is remembered for the tab, for ten minutes', () => {
        const kept = new Map<string, string>();
        let now = 1_790_000_000_000;
        const memory = wayMemory({ getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => { kept.set(k, v); }, removeItem: (k) => { kept.delete(k); } }, () => now);
        expect(memory.read()).toBe('udp');
        memory.write('frames');
        now += 599_000;
        expect(memory.read()).toBe('frames');
        now += 2_000;
        expect(memory.read()).toBe('udp');
        memory.write('frames');
        memory.write('udp');
        expect(memory.read()).toBe('udp');
    });
    // A tablet came into another network while it was still looking in the old one. That look found nothing, and the next
    // was half a minute away.
    it('is looked for again at once where the network changed while a look went on', async () => {
        const timers: Array<{ ms: number; run: () => void }> = [];
        const looks: Array<(open: boolean) => void> = [];
        const world = { later: (ms: number, run: () => void) => { timers.push({ ms, run }); return () => undefined; }, random: () => 0, now: () => 0 };
        const look = new UdpLook(world as unknown as SignallingWorld, () => new Promise((open) => { looks.push(open); }), () => { look.next(); }, true);
        look.now();
        look.soon();
        expect(timers).toEqual([]);
        looks[0]?.(false);
        await Promise.resolve();
        await Promise.resolve();
        expect(timers.map((t) => t.ms)).toEqual([1_000]);
        timers[0]?.run();
        looks[1]?.(false);
        await Promise.resolve();
        await Promise.resolve();
        expect(timers.map((t) => t.ms)).toEqual([1_000, 30_000]);
    });
});
