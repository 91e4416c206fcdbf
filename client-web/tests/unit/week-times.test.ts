// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseRoute, routeAddress, type Route } from '../../src/core/route.ts';
import { ordered, overlaps, type Times } from '../../src/core/week-times.ts';

const times = (more: Partial<Times>): Times => ({ weekday: 1, from: '09:00', to: '10:00', kind: 'free', ...more });

describe('weekly times', () => {
    it('may touch, not overlap', () => {
        expect(overlaps([times({}), times({ from: '10:00', to: '11:00' })])).toBe(false);
        expect(overlaps([times({}), times({ from: '09:59', to: '11:00' })])).toBe(true);
        expect(overlaps([times({}), times({ weekday: 2 })])).toBe(false);
    });
    it('lets treatment lie over free time, not over rest', () => {
        expect(overlaps([times({}), times({ kind: 'treatment' })])).toBe(false);
        expect(overlaps([times({ kind: 'rest' }), times({ kind: 'treatment' })])).toBe(true);
    });
    it('knows when one ends before the other begins', () => {
        expect(overlaps([times({ until: '2026-12-01' }), times({ since: '2026-12-02' })])).toBe(false);
        expect(overlaps([times({ until: '2026-12-02' }), times({ since: '2026-12-02' })])).toBe(true);
    });
    it('stands by day and hour', () => {
        expect(ordered([times({ weekday: 2 }), times({ from: '12:00' }), times({})]).map((r) => `${r.weekday} ${r.from}`)).toEqual(['1 09:00', '1 12:00', '2 09:00']);
    });
});

describe('addresses of programmes', () => {
    const routes: Route[] = [{ at: 'programmes' }, { at: 'programme', child: 40 }, { at: 'candidates', child: 40 }, { at: 'hours', of: 'child', id: 40 }, { at: 'hours', of: 'mentor', id: 12 }];
    it('go there and back', () => {
        for (const route of routes) expect(parseRoute(routeAddress(route))).toEqual(route);
    });
    it('are home when they name nobody', () => {
        for (const address of ['/programme', '/candidates/x', '/hours/child', '/hours/school/4', '/hours/child/0', '/hours/child/4/5']) expect(parseRoute(address)).toEqual({ at: 'home' });
    });
});
