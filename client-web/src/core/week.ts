// SPDX-License-Identifier: Apache-2.0
//
// A week on a grid: which lesson stands on which day, where a picked-up lesson goes with each key, and
// which instant a place on the grid is. Pure.
import { addDays, wall } from './wall.ts';

interface Timed { id: number; start: number; end: number }
/** A wall time of the week's zone. */
export interface Place { date: string; minute: number }
export type Key = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

const STEP = 5;
const DAY = 24 * 60;

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

export const isArrow = (key: string): key is Key => /^Arrow(Up|Down|Left|Right)$/.test(key);

/** Where an instant stands. */
export function placeOf(ms: number, tz: string): Place {
    const w = wall(ms, tz);
    return { date: w.date, minute: minuteOf(w.time) };
}

/** The instant of a place, looked for from `near` on: two steps, because clocks may change between. */
export function instantAt(at: Place, tz: string, near: number): number {
    let ms = near;
    for (let i = 0; i < 2; i++) {
        const here = placeOf(ms, tz);
        const days = (Date.parse(at.date) - Date.parse(here.date)) / 86_400_000;
        ms += (days * DAY + at.minute - here.minute) * 60_000;
    }
    return ms;
}

/** A picked-up lesson one step on: five minutes up or down, a day to the side, never out of the week. */
export function stepped(at: Place, key: Key, days: readonly string[]): Place {
    if (key === 'ArrowUp' || key === 'ArrowDown') {
        const minute = Math.floor(at.minute / STEP) * STEP + (key === 'ArrowDown' ? STEP : at.minute % STEP ? 0 : -STEP);
        return { ...at, minute: Math.min(Math.max(minute, 0), DAY - STEP) };
    }
    const date = addDays(at.date, key === 'ArrowRight' ? 1 : -1);
    return days.includes(date) ? { ...at, date } : at;
}

/** The place under a tap, on a multiple of five minutes. */
export const tapped = (date: string, share: number, from: number, to: number): Place =>
    ({ date, minute: Math.round((from * 60 + share * (to - from) * 60) / STEP) * STEP });

/** Lessons of each day, by start. */
export function byDay<L extends Timed>(lessons: readonly L[], days: readonly string[], tz: string): L[][] {
    return days.map((date) => lessons.filter((l) => wall(l.start, tz).date === date).sort((a, b) => a.start - b.start));
}

/** Which lesson an arrow leads to: the next of the day, or the nearest in time on the next day that has one. */
export function neighbour<L extends Timed>(days: readonly L[][], id: number, key: Key, tz: string): number | null {
    const day = days.findIndex((d) => d.some((l) => l.id === id));
    const own = days[day] ?? [];
    const at = own.findIndex((l) => l.id === id);
    const here = own[at];
    if (!here) return days.flat()[0]?.id ?? null;
    if (key === 'ArrowUp') return own[at - 1]?.id ?? null;
    if (key === 'ArrowDown') return own[at + 1]?.id ?? null;
    const step = key === 'ArrowRight' ? 1 : -1;
    const minute = placeOf(here.start, tz).minute;
    for (let d = day + step; d >= 0 && d < days.length; d += step) {
        const far = (l: L) => Math.abs(placeOf(l.start, tz).minute - minute);
        const nearest = [...(days[d] ?? [])].sort((a, b) => far(a) - far(b))[0];
        if (nearest) return nearest.id;
    }
    return null;
}

/** 11:05 of a minute of the day, as forms write it. */
export const clockOf = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
