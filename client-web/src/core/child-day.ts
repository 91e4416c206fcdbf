// SPDX-License-Identifier: Apache-2.0
//
// What a child's home shows of a day: the next lesson, what comes later with the rests between, and
// whether the door is open. Pure.
import type { Chip, Day, Lesson } from './api.gen.ts';

export type LaterRow = { kind: 'lesson'; at: number; lesson: Lesson } | { kind: 'rest'; at: number };
export type Door = 'later' | 'open' | 'running';

const REST = 45 * 60_000; // a shorter pause is no rest
const OFF: readonly Chip[] = ['cancelled', 'moved'];
const DONE: readonly Chip[] = ['done', 'part', 'missed'];

export const takesPlace = (lesson: Lesson): boolean => !OFF.includes(lesson.chip);
export const isDone = (lesson: Lesson): boolean => DONE.includes(lesson.chip);

export const nextLesson = (day: Day): Lesson | null => day.lessons.find((l) => l.id === day.next) ?? null;

export function door(lesson: Lesson, now: number): Door {
    if (now < lesson.opens) return 'later';
    return now < lesson.start ? 'open' : 'running';
}

/** Rows after the next lesson, in order of time; a moved lesson is not shown where it was. */
export function later(day: Day): LaterRow[] {
    const next = nextLesson(day);
    const rows: LaterRow[] = [];
    let freeFrom = next?.end ?? null;
    for (const lesson of day.lessons) {
        if (!next || lesson.start <= next.start || lesson.chip === 'moved') continue;
        if (takesPlace(lesson)) {
            if (freeFrom !== null && lesson.start - freeFrom >= REST) rows.push({ kind: 'rest', at: freeFrom });
            freeFrom = lesson.end;
        }
        rows.push({ kind: 'lesson', at: lesson.start, lesson });
    }
    return rows;
}

/** Which greeting fits the hour. */
export function partOfDay(hour: number): 'night' | 'morning' | 'day' | 'evening' {
    if (hour < 5 || hour >= 23) return 'night';
    if (hour < 12) return 'morning';
    return hour < 18 ? 'day' : 'evening';
}
