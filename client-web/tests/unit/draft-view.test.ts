// SPDX-License-Identifier: Apache-2.0
//
// A planned week of many lines is put together by child or by day and narrowed, and no line is lost.
import { expect, test } from 'vitest';
import type { DiffRow, LessonBrief, Person } from '../../src/core/api.gen.ts';
import { groupRows, shownRows } from '../../src/core/draft-view.ts';

const TZ = 'Asia/Yekaterinburg';
const person = (id: number, name: string): Person => ({ id, name, given: name, animal: 'fox' });
const lesson = (id: number, start: string, ...names: string[]): LessonBrief => ({
    id, subject: 'maths', start: Date.parse(start), end: Date.parse(start) + 1_800_000, tz: TZ, mentor: person(1, 'Anna'),
    children: names.map((name) => person(name.charCodeAt(0), name)),
});
const row = (kind: DiffRow['kind'], before: LessonBrief | null, after: LessonBrief | null): DiffRow =>
    ({ kind, before, after, version: 1, late: false, changed: false, told: [] });

const ROWS = [
    row('new', null, lesson(3, '2026-11-26T05:00Z', 'Yana')),
    row('new', null, lesson(2, '2026-11-25T20:30Z', 'Yana')), // the 26th at half past one in the night of its zone
    row('moved', lesson(8, '2026-11-24T05:00Z', 'Boris'), lesson(1, '2026-11-25T05:00Z', 'Boris')),
    row('gone', lesson(9, '2026-11-24T06:00Z', 'Boris'), null),
    row('new', null, lesson(4, '2026-11-25T06:00Z', 'Boris', 'Yana')),
];

test('narrowed to what changes lessons that people have, or to broken rules', () => {
    expect(shownRows(ROWS, 'all', new Set())).toEqual(ROWS);
    expect(shownRows(ROWS, 'touched', new Set()).map((r) => r.kind)).toEqual(['moved', 'gone']);
    expect(shownRows(ROWS, 'broken', new Set([2, 9])).map((r) => r.after?.id)).toEqual([2]); // what goes breaks nothing
});

test('by child: in the order of names, a shared lesson once in a group that names both', () => {
    const groups = groupRows(ROWS, 'child', new Set([2, 3]), 'en');
    expect(groups.map((g) => [g.names.join(' '), g.rows.length, g.broken])).toEqual([['Boris', 2, 0], ['Boris Yana', 1, 0], ['Yana', 2, 2]]);
    expect(groups[0]?.counts).toEqual({ new: 0, moved: 1, swapped: 0, gone: 1 });
    expect(groups[2]?.rows.map((r) => r.after?.id)).toEqual([2, 3]); // by time
});

test('by day: the day of the lesson in its own zone; a lesson that goes stands on the day it leaves', () => {
    const groups = groupRows(ROWS, 'day', new Set(), 'en');
    expect(groups.map((g) => [g.date, g.rows.length])).toEqual([['2026-11-24', 1], ['2026-11-25', 2], ['2026-11-26', 2]]);
});
