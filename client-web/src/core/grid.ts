// SPDX-License-Identifier: Apache-2.0
//
// One day as a grid: hours down, a column per mentor. Lessons become shares of the axis; lessons of a
// column that overlap (a cancelled one under its successor) stand side by side in lanes. Pure.
export interface Timed { start: number; end: number }
export interface Placed<L> { lesson: L; top: number; height: number; lane: number }
export interface Hours { from: number; to: number }

const FROM = 8;
const TO = 19;

/** Whole hours that hold every lesson, at least 8 to 19. `minute` gives the minute of the day. */
export function hours(lessons: readonly Timed[], minute: (ms: number) => number): Hours {
    const first = lessons.map((l) => Math.floor(minute(l.start) / 60));
    const last = lessons.map((l) => Math.ceil((minute(l.start) + (l.end - l.start) / 60_000) / 60));
    return { from: Math.min(FROM, ...first), to: Math.max(TO, ...last) };
}

/** Where each lesson stands, as shares of the axis, and in which lane of its column. */
export function place<L extends Timed>(lessons: readonly L[], axis: Hours, minute: (ms: number) => number): { placed: Placed<L>[]; lanes: number } {
    const ends: number[] = [];
    const length = (axis.to - axis.from) * 60;
    const placed = [...lessons].sort((a, b) => a.start - b.start).map((lesson) => {
        let lane = ends.findIndex((end) => end <= lesson.start);
        if (lane < 0) lane = ends.push(0) - 1;
        ends[lane] = lesson.end;
        return { lesson, top: (minute(lesson.start) - axis.from * 60) / length, height: (lesson.end - lesson.start) / 60_000 / length, lane };
    });
    return { placed, lanes: Math.max(1, ends.length) };
}

/** Share of this moment on the axis, or null if it is outside. */
export function nowShare(axis: Hours, minuteNow: number): number | null {
    const share = (minuteNow / 60 - axis.from) / (axis.to - axis.from);
    return share >= 0 && share <= 1 ? share : null;
}
