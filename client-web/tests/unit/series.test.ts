// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { parseRoute, routeAddress } from '../../src/core/route.ts';
import { isOf, lastDay, readRule } from '../../src/core/series.ts';

test('a rule is read as days of the week, weeks between and the last day', () => {
    expect(readRule('FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=TH,TU;UNTIL=20261224', '2026-12-01')).toEqual({ days: [2, 4], every: 2, until: '2026-12-24' });
    expect(readRule('FREQ=WEEKLY;COUNT=4', '2026-12-06')).toEqual({ days: [7], every: 1, until: null }); // a Sunday
    expect(readRule('FREQ=WEEKLY;UNTIL=20261231T205959Z;BYDAY=XX', '2026-12-07')).toEqual({ days: [1], every: 1, until: '2026-12-31' });
});

test('a series lasts to the earlier of its rule and its end', () => {
    const s = { rule: 'FREQ=WEEKLY;BYDAY=TU;UNTIL=20261224', first: '2026-12-01', ends_before: null };
    expect(lastDay(s)).toBe('2026-12-24');
    expect(lastDay({ ...s, ends_before: '2026-12-01' })).toBe('2026-11-30');
    expect(lastDay({ ...s, ends_before: '2027-03-01' })).toBe('2026-12-24');
    expect(lastDay({ ...s, rule: 'FREQ=WEEKLY', ends_before: '2026-12-15' })).toBe('2026-12-14');
    expect(lastDay({ ...s, rule: 'FREQ=WEEKLY' })).toBeNull();
});

test('it is of its mentor and of each of its children', () => {
    const who = (id: number) => ({ id, name: '', given: '', animal: 'fox' as const });
    const s = { mentor: who(12), children: [who(40), who(41)] };
    expect(['centre', 'child-41', 'mentor-12'].map((of) => isOf(s, of))).toEqual([true, true, true]);
    expect(['child-12', 'mentor-40', 'child-4'].map((of) => isOf(s, of))).toEqual([false, false, false]);
});

test('the address keeps whose series are asked for', () => {
    expect(parseRoute('/series?of=child-40')).toEqual({ at: 'series', of: 'child-40' });
    expect(parseRoute('/series')).toEqual({ at: 'series', of: 'centre' });
    expect(parseRoute('/series?of=school-9')).toEqual({ at: 'series', of: 'centre' });
    expect(routeAddress({ at: 'series', of: 'mentor-12' })).toBe('/series?of=mentor-12');
    expect(routeAddress({ at: 'series', of: 'centre' })).toBe('/series');
});
