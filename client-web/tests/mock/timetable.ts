// SPDX-License-Identifier: Apache-2.0
import type { ChildPage, LessonFull, MentorPage, Timetable } from '../../src/core/api.gen.ts';
import type { Ask } from './answer.ts';
import { lesson, type Made } from './lessons.ts';
import { at, NOW, people, school, TZ, YEKB, type Name } from './people.ts';

const DAY: Record<string, Made[]> = {
    anna: [
        { id: 520, subject: 'maths', start: at(23, '9:00'), mentor: 'anna', child: 'vera', chip: 'done', state: 'computed' },
        { id: 604, subject: 'maths', start: at(23, '9:40'), mentor: 'anna', child: 'misha', chip: 'live', state: 'running', tz: YEKB },
        { id: 522, subject: 'maths', start: at(23, '11:20'), mentor: 'anna', child: 'egor' },
        { id: 524, subject: 'maths', start: at(23, '14:00'), mentor: 'anna', child: 'anya' },
    ],
    denisov: [
        { id: 601, subject: 'reading', start: at(23, '10:00'), minutes: 30, mentor: 'denisov', child: 'sofia', chip: 'mentor_missing', state: 'open' },
        { id: 611, subject: 'reading', start: at(23, '11:30'), mentor: 'denisov', child: 'misha', tz: YEKB },
        { id: 612, subject: 'reading', start: at(23, '13:00'), mentor: 'denisov', child: 'liza', chip: 'cancelled', state: 'cancelled' },
    ],
    lebed: [
        { id: 605, subject: 'language', start: at(23, '9:45'), minutes: 30, mentor: 'lebed', child: 'anya', chip: 'live', state: 'running' },
        { id: 607, subject: 'language', start: at(23, '10:30'), minutes: 30, mentor: 'lebed', child: 'vera' },
        { id: 613, subject: 'language', start: at(23, '12:00'), mentor: 'lebed', child: 'timur', chip: 'needs_substitute', state: 'needs_substitute' },
    ],
    novik: [
        { id: 603, subject: 'foreign', start: at(23, '10:05'), minutes: 30, mentor: 'novik', child: 'liza', chip: 'child_missing', state: 'open' },
        { id: 614, subject: 'foreign', start: at(23, '15:10'), mentor: 'novik', child: 'sofia' },
    ],
    orlova: [
        { id: 602, subject: 'nature', start: at(23, '10:00'), minutes: 35, mentor: 'orlova', child: 'timur', chip: 'weak', state: 'running' },
        { id: 608, subject: 'art', start: at(23, '11:00'), mentor: 'orlova', child: 'daniil' },
    ],
    shah: [
        { id: 606, subject: 'nature', start: at(23, '10:00'), mentor: 'shah', child: 'egor', chip: 'resting', state: 'running' },
        { id: 609, subject: 'music', start: at(23, '16:20'), minutes: 30, mentor: 'shah', child: 'daniil' },
    ],
};
const ALL = Object.values(DAY).flat();

export const timetable = ({ locale, url, scene }: Ask): Timetable => {
    const date = url.searchParams.get('date') ?? '2026-11-23';
    const full = date === '2026-11-23' && scene !== 'empty';
    return {
        date, tz: TZ, now: NOW,
        rows: Object.entries(DAY).map(([mentor, made]) => ({ mentor: people(locale)(mentor as Name), lessons: full ? made.map((m) => lesson(locale, m)) : [] })),
    };
};

export function lessonFull({ locale, who }: Ask, id: number): LessonFull {
    const made = ALL.find((m) => m.id === id) ?? { id, subject: 'maths', start: at(20, '9:40'), mentor: 'anna', child: 'misha', chip: 'done', state: 'computed' } satisfies Made;
    const started = made.start < NOW;
    const office = who === 'coordinator';
    return {
        ...lesson(locale, made), school: school(locale), reason: made.chip === 'cancelled' ? (locale === 'ru' ? 'температура' : 'fever') : null,
        side: made.chip === 'cancelled' ? 'child' : null, moved_from: null, moved_to: null, make_up_of: null, substitute_for: null, notes: [], editable: !started,
        may: made.chip === 'cancelled' ? [] : office ? (made.state === 'computed' ? ['amend'] : started ? ['substitute'] : ['move', 'substitute', 'cancel']) : who === 'mentor' && started ? ['note'] : [],
    };
}

/** A time on the hour is taken, any other is free: enough to draw a conflict. */
export function conflict(locale: 'ru' | 'en') {
    const p = people(locale);
    const brief = (id: number | null, child: Name, start: number) =>
        ({ id, subject: 'reading', start, end: start + 40 * 60_000, tz: YEKB, mentor: p('denisov'), children: [p(child)] });
    return {
        conflicts: [{ rule: 'mentor_overlap', number: 3, limit: 0, value: 20, who: p('denisov'), choices: [], this: brief(null, 'misha', at(25, '10:40')), other: brief(488, 'sofia', at(25, '11:00')) }],
        free_slots: [{ start: at(27, '11:00'), end: at(27, '11:40') }, { start: at(27, '14:30'), end: at(27, '15:10') }],
    };
}

export const mentors = ({ locale }: Ask): MentorPage => ({
    next: null,
    items: (Object.keys(DAY) as Name[]).map((m) => ({
        mentor: people(locale)(m), tz: TZ, phone: null, schools: [school(locale)], subjects: [...new Set((DAY[m] ?? []).map((l) => l.subject))],
    })),
});

export function children({ locale, who, scene }: Ask): ChildPage {
    const p = people(locale);
    const of = (child: Name, grade: number, n: 12 | 31, ...teachers: [Name, Made['subject']][]) => ({
        child: p(child), grade, school: school(locale, n), tz: n === 12 ? YEKB : TZ,
        mentors: teachers.map(([m, subject], i) => ({ mentor: p(m), subject, lead: i === 0 })),
    });
    const all = [
        of('misha', 5, 12, ['anna', 'maths'], ['lebed', 'language'], ['denisov', 'reading']), of('vera', 3, 12, ['anna', 'maths'], ['lebed', 'language']),
        of('egor', 7, 12, ['shah', 'nature'], ['anna', 'maths']), of('sofia', 2, 31, ['denisov', 'reading'], ['novik', 'foreign']),
        of('liza', 7, 31, ['novik', 'foreign']), of('timur', 9, 31, ['orlova', 'nature']), of('anya', 2, 31, ['lebed', 'language'], ['anna', 'maths']), of('daniil', 6, 31, ['orlova', 'art']),
    ];
    if (scene === 'empty') return { next: null, items: [] };
    return { next: null, items: who === 'school_officer' ? all.slice(0, 3) : who === 'guardian' ? all.slice(0, 1) : who === 'mentor' ? all.filter((c) => c.mentors.some((m) => m.mentor.id === 12)) : all };
}
