// SPDX-License-Identifier: Apache-2.0
//
// How the lines of a draft are read when there are many: only those that touch what people already
// have, or only those that break a rule, and put together by child or by day.
import type { DiffRow, LessonBrief } from './api.gen.ts';
import { wall } from './wall.ts';

export type DraftShow = 'all' | 'touched' | 'broken';
export type DraftBy = 'child' | 'day';

/** Up to so many lines are read as one table. */
export const FLAT = 12;

/** The lesson that a line is about: as it will be or, when it goes, as it is. */
export const lessonOf = (row: DiffRow): LessonBrief | null => row.after ?? row.before;

/** `broken`: ids of planned lessons with a conflict. What goes breaks nothing. */
export const breaks = (row: DiffRow, broken: ReadonlySet<number>): boolean => broken.has(row.after?.id ?? 0);

export function shownRows(rows: DiffRow[], show: DraftShow, broken: ReadonlySet<number>): DiffRow[] {
    switch (show) {
        case 'all': return rows;
        case 'touched': return rows.filter((r) => r.kind !== 'new');
        case 'broken': return rows.filter((r) => breaks(r, broken));
    }
}

export interface DraftGroup {
    key: string;
    /** the children of the lines of a group by child; empty for a day */
    names: string[];
    /** the calendar day (zone of its lessons) of a group by day; empty for a child */
    date: string;
    rows: DiffRow[];
    counts: Record<DiffRow['kind'], number>;
    broken: number;
}

/**
 * Groups in the order of their names or days, each with its lines by time. A lesson of several
 * children stands once, in a group of its own that names them all.
 */
export function groupRows(rows: DiffRow[], by: DraftBy, broken: ReadonlySet<number>, lang: string): DraftGroup[] {
    const groups = new Map<string, DraftGroup>();
    for (const row of rows) {
        const lesson = lessonOf(row);
        if (!lesson) continue;
        const date = by === 'day' ? wall(lesson.start, lesson.tz).date : '';
        const key = date || lesson.children.map((c) => c.id).sort((a, b) => a - b).join(' ');
        let group = groups.get(key);
        if (!group) groups.set(key, (group = { key, date, names: date ? [] : lesson.children.map((c) => c.name), rows: [], counts: { new: 0, moved: 0, swapped: 0, gone: 0 }, broken: 0 }));
        group.rows.push(row);
        group.counts[row.kind]++;
        if (breaks(row, broken)) group.broken++;
    }
    const all = [...groups.values()];
    for (const group of all) group.rows.sort((a, b) => (lessonOf(a)?.start ?? 0) - (lessonOf(b)?.start ?? 0));
    return all.sort((a, b) => a.date.localeCompare(b.date) || a.names.join().localeCompare(b.names.join(), lang));
}
