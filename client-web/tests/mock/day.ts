// SPDX-License-Identifier: Apache-2.0
import type { Day } from '../../src/core/api.gen.ts';
import type { Ask } from './answer.ts';
import { lesson } from './lessons.ts';
import { at, NOW, people, TZ, YEKB } from './people.ts';

const NOTHING = { limits: [], owed: { reports: [], notes: [] } };

function childDay({ locale, scene }: Ask): Day {
    const make = (id: number, subject: 'maths' | 'language' | 'reading', clock: string, mentor: 'anna' | 'lebed' | 'denisov') =>
        lesson(locale, { id, subject, start: at(23, clock, 5), mentor, child: 'misha', tz: YEKB, chip: id === 501 && scene !== 'early' ? 'door_open' : 'later' });
    const lessons = [make(501, 'maths', '10:00', 'anna'), make(502, 'language', '11:00', 'lebed'), make(503, 'reading', '13:30', 'denisov')];
    const empty = scene === 'empty';
    const now = at(23, scene === 'early' ? '9:02' : '9:52', 5);
    return {
        date: '2026-11-23', tz: YEKB, now, role: 'child', next: empty ? null : 501, lessons: empty ? [] : lessons,
        bring: ['notebook', 'ruler', 'pencil'],
        tomorrow: lesson(locale, { id: 504, subject: 'foreign', start: at(24, '9:00', 5), mentor: 'novik', child: 'misha', tz: YEKB }), ...NOTHING,
    };
}

function mentorDay({ locale, scene }: Ask): Day {
    const p = people(locale);
    const make = (id: number, clock: string, child: 'misha' | 'vera' | 'egor' | 'anya', chip: 'done' | 'door_open' | 'later' | 'cancelled') =>
        ({ ...lesson(locale, { id, subject: 'maths', start: at(23, clock), mentor: 'anna', child, chip }), note_due: id === 520 });
    const limit = (child: 'misha' | 'vera' | 'egor' | 'anya', grade: number, lesson_minutes: number, screen_minutes: number) =>
        ({ child: p(child).id, grade, lesson_minutes, screen_minutes, screen_minutes_day: 90, lessons_day: 3 });
    const empty = scene === 'empty';
    const lessons = empty ? [] : [make(520, '9:00', 'vera', 'done'), make(521, '10:20', 'misha', 'door_open'), make(522, '11:20', 'egor', 'later'),
        make(523, '12:30', 'anya', 'cancelled'), make(524, '14:00', 'anya', 'later')];
    const brief = { id: 490, subject: 'maths' as const, start: at(20, '9:40'), end: at(20, '10:20'), tz: TZ, mentor: p('anna'), children: [p('misha')] };
    return {
        date: '2026-11-23', tz: TZ, now: NOW, role: 'mentor', next: empty ? null : 521, lessons, bring: [],
        tomorrow: lesson(locale, { id: 530, subject: 'maths', start: at(24, '9:40'), mentor: 'anna', child: 'misha' }),
        limits: [limit('misha', 5, 40, 25), limit('vera', 3, 40, 20), limit('egor', 7, 30, 30), limit('anya', 2, 35, 20)],
        owed: empty ? { reports: [], notes: [] } : {
            reports: [{ id: '12-40-12-2026-10', child: p('misha'), month: '2026-10', due: at(20, '18:00'), overdue: true },
                { id: '12-46-12-2026-11', child: p('vera'), month: '2026-11', due: at(34, '18:00'), overdue: false }],
            notes: [{ ...brief, id: 520, start: at(23, '9:00'), end: at(23, '9:40'), children: [p('vera')] }, brief],
        },
    };
}

export const day = (ask: Ask): Day => (ask.who === 'mentor' ? mentorDay(ask) : childDay(ask));
