// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { mondayOf, nextMonday } from '../../src/core/plan-week.ts';
import { parseRoute, routeAddress } from '../../src/core/route.ts';

test('a week is named by its Monday, over the ends of months and years', () => {
    expect(mondayOf('2026-11-30')).toBe('2026-11-30');
    expect(mondayOf('2026-12-06')).toBe('2026-11-30');
    expect(mondayOf('2027-01-01')).toBe('2026-12-28');
    expect(mondayOf('2028-02-29')).toBe('2028-02-28');
});

test('without a week said the next one is meant, on a Sunday too', () => {
    expect(nextMonday('2026-11-23')).toBe('2026-11-30');
    expect(nextMonday('2026-11-29')).toBe('2026-11-30');
});

test('the address keeps the week and drops what is no date', () => {
    expect(parseRoute('/plan?week=2026-11-30')).toEqual({ at: 'plan', week: '2026-11-30' });
    expect(parseRoute('/plan?week=soon')).toEqual({ at: 'plan', week: null });
    expect(routeAddress({ at: 'plan', week: '2026-11-30' })).toBe('/plan?week=2026-11-30');
    expect(routeAddress({ at: 'plan', week: null })).toBe('/plan');
});
