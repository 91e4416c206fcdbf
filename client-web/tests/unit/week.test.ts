// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { byDay, clockOf, instantAt, neighbour, placeOf, stepped, tapped } from '../../src/core/week.ts';
import { parseRoute, routeAddress } from '../../src/core/route.ts';

const MSK = 'Europe/Moscow';
const DAYS = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'];
const at = (day: number, h: number, m = 0) => Date.UTC(2026, 10, day, h - 3, m);
const lesson = (id: number, day: number, h: number) => ({ id, start: at(day, h), end: at(day, h, 40) });

describe('a picked-up lesson', () => {
    it('goes by five minutes and by days', () => {
        expect(stepped({ date: '2026-11-25', minute: 660 }, 'ArrowDown', DAYS)).toEqual({ date: '2026-11-25', minute: 665 });
        expect(stepped({ date: '2026-11-25', minute: 660 }, 'ArrowUp', DAYS).minute).toBe(655);
        expect(stepped({ date: '2026-11-25', minute: 662 }, 'ArrowUp', DAYS).minute).toBe(660);
        expect(stepped({ date: '2026-11-25', minute: 662 }, 'ArrowDown', DAYS).minute).toBe(665);
        expect(stepped({ date: '2026-11-25', minute: 660 }, 'ArrowRight', DAYS).date).toBe('2026-11-26');
    });
    it('stays in the week and in the day', () => {
        expect(stepped({ date: '2026-11-23', minute: 0 }, 'ArrowLeft', DAYS).date).toBe('2026-11-23');
        expect(stepped({ date: '2026-11-23', minute: 0 }, 'ArrowUp', DAYS).minute).toBe(0);
        expect(stepped({ date: '2026-11-23', minute: 1435 }, 'ArrowDown', DAYS).minute).toBe(1435);
    });
    it('lands under the finger on a multiple of five', () => {
        expect(tapped('2026-11-25', 0.5, 8, 19)).toEqual({ date: '2026-11-25', minute: 810 });
        expect(clockOf(tapped('2026-11-25', 0.278, 8, 19).minute)).toBe('11:05');
    });
});

describe('a place', () => {
    it('is the instant of that wall time', () => {
        expect(instantAt({ date: '2026-11-27', minute: 665 }, MSK, at(25, 9))).toBe(at(27, 11, 5));
        expect(placeOf(at(27, 11, 5), MSK)).toEqual({ date: '2026-11-27', minute: 665 });
    });
    it('is found over a change of clocks', () => { // Berlin, 25 October 2026
        const ms = instantAt({ date: '2026-10-26', minute: 540 }, 'Europe/Berlin', Date.UTC(2026, 9, 24, 7));
        expect(ms).toBe(Date.UTC(2026, 9, 26, 8));
    });
});

describe('arrows', () => {
    const days = byDay([lesson(1, 23, 9), lesson(2, 23, 11), lesson(3, 25, 10), lesson(4, 25, 12)], DAYS, MSK);
    it('walk the day', () => {
        expect(neighbour(days, 1, 'ArrowDown', MSK)).toBe(2);
        expect(neighbour(days, 2, 'ArrowDown', MSK)).toBeNull();
        expect(neighbour(days, 2, 'ArrowUp', MSK)).toBe(1);
    });
    it('go to the nearest in time of the next day that has one', () => {
        expect(neighbour(days, 1, 'ArrowRight', MSK)).toBe(3);
        expect(neighbour(days, 4, 'ArrowLeft', MSK)).toBe(2);
        expect(neighbour(days, 4, 'ArrowRight', MSK)).toBeNull();
    });
    it('begin with the first', () => { expect(neighbour(days, 99, 'ArrowDown', MSK)).toBe(1); });
});

describe('addresses', () => {
    it.each(['/week?of=centre', '/week?of=child-40&date=2026-11-23', '/week?of=mentor-own', '/draft/7'])('%s', (address) => {
        expect(routeAddress(parseRoute(address))).toBe(address);
    });
    it('of nonsense are home', () => {
        expect(parseRoute('/week?of=child-0').at).toBe('home');
        expect(parseRoute('/week').at).toBe('home');
        expect(parseRoute('/draft/x').at).toBe('home');
    });
});
