// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Day, LogLesson } from '../../src/core/api.gen.ts';
import { door, later, nextLesson, partOfDay } from '../../src/core/child-day.ts';
import { dayLine, dayShare } from '../../src/core/dayline.ts';
import { lineKind, slices, toConfirm } from '../../src/core/log-line.ts';
import { lanes, ownAxis, sharedMinutes } from '../../src/core/strip.ts';
import { answer } from '../mock/answer.ts';
import { strip } from '../mock/attendance.ts';

const MIN = 60_000;
const ask = (who: string, path: string, scene = '') =>
    answer({ method: 'GET', url: new URL(path, 'http://mock'), who, scene, locale: 'ru', body: {} }).body;
const childDay = ask('child', '/me/day') as Day;

describe('the day line', () => {
    const lessons = [{ start: 600 * MIN, end: 640 * MIN }, { start: 660 * MIN, end: 700 * MIN }, { start: 810 * MIN, end: 850 * MIN }];
    const box = { width: 328, height: 112 };
    it('puts lessons and sun in order of time, inside the box', () => {
        const line = dayLine(lessons, 592 * MIN, box);
        const xs = line.rings.map((r) => r.x);
        expect([...xs].sort((a, b) => a - b)).toEqual(xs);
        expect(line.sun.x).toBeLessThan(xs[0] ?? 0);
        for (const p of [line.sun, ...line.rings]) {
            expect(p.x).toBeGreaterThanOrEqual(0);
            expect(p.x).toBeLessThanOrEqual(box.width);
            expect(p.y).toBeGreaterThan(0);
            expect(p.y).toBeLessThan(box.height);
        }
    });
    it('keeps labels apart, however many lessons there are', () => {
        const many = Array.from({ length: 7 }, (_, i) => ({ start: (540 + i * 50) * MIN, end: (580 + i * 50) * MIN }));
        const labels = dayLine(many, 0, box).rings.map((r) => r.label.x);
        for (let i = 1; i < labels.length; i++) expect((labels[i] ?? 0) - (labels[i - 1] ?? 0)).toBeGreaterThan(35);
    });
    it('lets the sun wait at the ends and stand at noon when there are no lessons', () => {
        expect(dayShare(lessons, 0)).toBe(0);
        expect(dayShare(lessons, 24 * 60 * MIN)).toBe(1);
        expect(dayShare([], 0)).toBe(0.5);
        expect(dayLine([], 0, box).rings).toEqual([]);
    });
    it('joins the walked and the open part at the sun', () => {
        const line = dayLine(lessons, 700 * MIN, box);
        const end = line.past.split(' ').slice(-2).map(Number);
        const start = line.ahead.slice(1).split(/[ Q]/).slice(0, 2).map(Number);
        expect(end).toEqual(start);
    });
});

describe('a child\'s day', () => {
    it('shows what comes after the next lesson, with the rest between', () => {
        expect(nextLesson(childDay)?.id).toBe(501);
        expect(later(childDay).map((r) => r.kind)).toEqual(['lesson', 'rest', 'lesson']);
    });
    it('hides a lesson where it was moved from, keeps a cancelled one without a rest around it', () => {
        const day = { ...childDay, lessons: childDay.lessons.map((l) => ({ ...l, chip: l.id === 502 ? 'moved' : l.chip })) };
        expect(later(day).map((r) => r.kind)).toEqual(['rest', 'lesson']);
    });
    it('opens the door to the millisecond', () => {
        const lesson = childDay.lessons[0]!;
        expect(door(lesson, lesson.opens - 1)).toBe('later');
        expect(door(lesson, lesson.opens)).toBe('open');
        expect(door(lesson, lesson.start)).toBe('running');
    });
    it('greets by the hour', () => { expect([4, 5, 12, 18, 23].map(partOfDay)).toEqual(['night', 'morning', 'day', 'evening', 'night']); });
});

describe('the strip', () => {
    const s = strip(0, 40, [[-4, 40]], [[2, 17], [19, 40]]);
    it('keeps gaps as gaps and its window inside the axis', () => {
        const drawn = lanes(s, ownAxis(s));
        expect(drawn.child).toHaveLength(2);
        expect(drawn.window.from).toBeGreaterThan(drawn.mentor[0]?.from ?? 1);
        expect(drawn.window.from + drawn.window.width).toBeLessThanOrEqual(1);
    });
    it('drops what lies outside the axis and keeps seconds visible', () => {
        const drawn = lanes(strip(0, 40, [[100, 110]], [[1, 1.02]]), { from: 0, to: 40 * MIN });
        expect(drawn.mentor).toEqual([]);
        expect(drawn.child[0]?.width).toBeGreaterThan(0.005);
    });
    it('counts the minutes both were there within the window', () => {
        expect(sharedMinutes(s)).toBe(36);
        expect(sharedMinutes(strip(0, 40, [[-10, 0]], [[-10, 40]]))).toBe(0);
    });
    it('shows now only on its axis', () => {
        expect(lanes(s, { from: 0, to: 40 * MIN }, 20 * MIN).now).toBeCloseTo(0.5);
        expect(lanes(s, { from: 0, to: 40 * MIN }, 50 * MIN).now).toBeNull();
    });
});

describe('the sentence about a lesson', () => {
    const log = ask('guardian', '/children/40/log') as { days: { lessons: LogLesson[] }[]; now: number; summary: never };
    const base = log.days[1]?.lessons[0] as LogLesson;
    const kind = (change: Partial<LogLesson>, now = base.start - 1) => lineKind({ ...base, ...change }, now);
    it.each<[string, Partial<LogLesson>, string]>([
        ['held', {}, 'held'], ['a gap of a minute', { gaps: 1, gaps_ms: 61_000 }, 'held_gap'], ['a gap of seconds', { gaps: 1, gaps_ms: 20_000 }, 'held'],
        ['late', { late_ms: 5 * MIN }, 'held_late'], ['a rest', { outcome: 'partial', rest_at: 1 }, 'rest'], ['a rest in a held lesson', { rest_at: 1 }, 'held'],
        ['ill', { outcome: 'child_no_show', code: 'I' }, 'ill'], ['no mentor', { outcome: 'teacher_no_show', code: 'W' }, 'teacher_no_show'],
        ['cancelled', { state: 'cancelled', outcome: null }, 'cancelled'], ['ahead', { state: 'scheduled', outcome: null }, 'ahead'], ['running', { state: 'running', outcome: null }, 'running'],
    ])('%s', (_what, change, expected) => { expect(kind(change)).toBe(expected); });

    // A family read "still to come" while its child sat in the lesson and waited.
    const open: Partial<LogLesson> = { state: 'open', outcome: null, code: null };
    it.each<[string, Partial<LogLesson>, number, string]>([
        ['a millisecond before the start', { ...open, chip: 'door_open' }, base.start - 1, 'ahead'], ['at the start', { ...open, chip: 'waiting' }, base.start, 'begun'],
        ['the mentor is missing', { ...open, chip: 'mentor_missing' }, base.start + 5 * MIN, 'no_mentor_yet'], ['the child is missing', { ...open, chip: 'child_missing' }, base.start + 5 * MIN, 'no_child_yet'],
        ['no substitute was found', { state: 'needs_substitute', outcome: null, chip: 'needs_substitute' }, base.start, 'no_mentor_yet'],
        ['the last millisecond', { ...open, chip: 'mentor_missing' }, base.end - 1, 'no_mentor_yet'], ['over and not computed', { ...open, chip: 'missed' }, base.end, 'over'],
        ['it ran and is over', { state: 'ended', outcome: null, chip: 'done' }, base.end, 'over'], ['it runs', { state: 'running', outcome: null, chip: 'live' }, base.start + 1, 'running'],
        ['cancelled stays cancelled', { state: 'cancelled', outcome: null }, base.end, 'cancelled'],
    ])('without an outcome: %s', (_what, change, now, expected) => { expect(kind(change, now)).toBe(expected); });

    it('offers for "all correct" what is over, of this week and not yet answered', () => {
        const days = log.days as never;
        expect(toConfirm(days, log.now)).toEqual([491, 492, 481, 482]);
        expect(toConfirm(days, log.now + 30 * 86_400_000)).toEqual([]);
    });
    it('shows only parts of the month that exist', () => { expect(slices(log.summary).map((s) => s.name)).toEqual(['held', 'part', 'teacher_missing', 'ill']); });
});
