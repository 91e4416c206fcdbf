// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { daysOf, spansOf } from '../../src/core/spans.ts';

test('days without a gap are one span, over the end of a month and a year', () => {
    expect(spansOf(['2026-12-31', '2027-01-01', '2026-12-30', '2027-01-03', '2026-12-31'])).toEqual([
        { from: '2026-12-30', to: '2027-01-01' }, { from: '2027-01-03', to: '2027-01-03' },
    ]);
    expect(spansOf([])).toEqual([]);
});

test('a span is its days, both ends included', () => {
    expect(daysOf({ from: '2028-02-28', to: '2028-03-01' })).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
    expect(daysOf({ from: '2026-11-02', to: '2026-11-01' })).toEqual([]);
    expect(daysOf({ from: '', to: '2026-11-01' })).toEqual([]);
});
