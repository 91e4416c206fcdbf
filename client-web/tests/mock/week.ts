// SPDX-License-Identifier: Apache-2.0
import type { DiffRow, Feed, LessonBrief, PlannedLessonPage, ScheduleDiff, ScheduleJudgement, ScheduleVersion, ScheduleVersionPage, Week } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { lesson, type Made } from './lessons.ts';
import { at, NOW, people, TZ, YEKB, type Name } from './people.ts';
import { conflict, lessonFull } from './timetable.ts';

const y = (day: number, clock: string) => at(day, clock, 5);
const MISHA: Made[] = [
    { id: 604, subject: 'maths', start: y(23, '9:40'), mentor: 'anna', child: 'misha', chip: 'done', state: 'computed', tz: YEKB },
    { id: 701, subject: 'language', start: y(23, '10:40'), mentor: 'lebed', child: 'misha', tz: YEKB },
    { id: 611, subject: 'reading', start: y(23, '13:30'), mentor: 'denisov', child: 'misha', tz: YEKB },
    { id: 702, subject: 'foreign', start: y(24, '9:00'), mentor: 'novik', child: 'misha', tz: YEKB },
    { id: 703, subject: 'maths', start: y(24, '13:30'), mentor: 'anna', child: 'misha', tz: YEKB },
    { id: 704, subject: 'maths', start: y(25, '9:40'), mentor: 'anna', child: 'misha', tz: YEKB },
    { id: 705, subject: 'reading', start: y(25, '10:40'), mentor: 'denisov', child: 'misha', tz: YEKB },
    { id: 706, subject: 'nature', start: y(25, '12:00'), mentor: 'shah', child: 'misha', tz: YEKB, chip: 'cancelled', state: 'cancelled' },
    { id: 707, subject: 'language', start: y(26, '10:40'), mentor: 'lebed', child: 'misha', tz: YEKB, chip: 'needs_substitute', state: 'needs_substitute' },
    { id: 708, subject: 'maths', start: y(27, '9:40'), mentor: 'anna', child: 'misha', tz: YEKB },
];
const date = (i: number) => `2026-11-${23 + i}`;

export const week = ({ locale, url, scene }: Ask): Week => {
    const of = url.searchParams.get('of') ?? 'centre';
    const mentor = of.startsWith('mentor');
    const child = of.startsWith('child');
    const made = scene === 'empty' ? [] : mentor ? MISHA.filter((m) => m.mentor === 'anna') : MISHA;
    return {
        name: people(locale)(mentor ? 'anna' : 'misha').name, tz: child ? YEKB : TZ, now: NOW, more: scene === 'more' ? 120 : 0,
        days: Array.from({ length: 7 }, (_, i) => ({ date: date(i), holiday: false })),
        lessons: made.map((m) => lesson(locale, m)),
        hatches: child && scene !== 'empty' ? [
            { kind: 'treatment', date: date(1), from: 630, to: 750 }, { kind: 'closed', date: date(3), from: 510, to: 630 }, { kind: 'rest', date: date(5), from: 0, to: 1440 },
        ] : [],
    };
};

const version = (id: number, number: number, state: ScheduleVersion['state'], planned: number): ScheduleVersion => ({ id, number, state, planned });
const versions = (): ScheduleVersionPage => ({ next: null, items: [version(8, 8, 'draft', 3), version(7, 7, 'validated', 12), version(6, 6, 'published', 0)] });

const brief = (locale: 'ru' | 'en', id: number, subject: LessonBrief['subject'], start: number, mentor: Name, child: Name): LessonBrief =>
    ({ id, subject, start, end: start + 40 * 60_000, tz: YEKB, mentor: people(locale)(mentor), children: [people(locale)(child)] });

function rows({ locale, scene }: Ask): DiffRow[] {
    const p = people(locale);
    const row = (kind: DiffRow['kind'], before: LessonBrief | null, after: LessonBrief | null, told: Name[], more: Partial<DiffRow> = {}): DiffRow =>
        ({ kind, before, after, version: after ? 1 : 0, late: false, changed: false, told: told.map(p), ...more });
    return [
        row('moved', brief(locale, 705, 'reading', y(25, '10:40'), 'denisov', 'misha'), brief(locale, 901, 'reading', y(27, '11:00'), 'denisov', 'misha'), ['denisov', 'misha', 'mother']),
        row('swapped', brief(locale, 707, 'language', y(26, '10:40'), 'lebed', 'misha'), brief(locale, 902, 'language', y(26, '10:40'), 'novik', 'misha'), ['lebed', 'novik', 'misha', 'mother']),
        row('new', null, brief(locale, 903, 'maths', y(24, '9:20'), 'anna', 'misha'), ['anna', 'misha', 'mother'], { late: true }),
        row('gone', brief(locale, 708, 'maths', y(27, '9:40'), 'anna', 'misha'), null, ['anna', 'misha', 'mother'], { changed: scene === 'outdated' }),
    ];
}

const CHILDREN: Name[] = ['misha', 'sofia', 'timur', 'liza', 'anya', 'egor', 'vera', 'daniil'];

/** What the planner leaves: many new lines beside the few of `rows`. */
function manyRows(ask: Ask): DiffRow[] {
    const p = people(ask.locale);
    const made = Array.from({ length: 130 }, (_, i): DiffRow => {
        const child = CHILDREN[i % CHILDREN.length] ?? 'misha';
        const subject = (['maths', 'language', 'reading', 'nature'] as const)[i % 4] ?? 'maths';
        const after = brief(ask.locale, 1000 + i, subject, y(23 + (Math.floor(i / 8) % 5), `${9 + Math.floor(i / 40)}:20`), 'anna', child);
        return { kind: 'new', before: null, after, version: 1, late: false, changed: false, told: [p('anna'), p(child)] };
    });
    return [...rows(ask), ...made];
}

const rowsOf = (ask: Ask): DiffRow[] => (ask.scene === 'empty' ? [] : ask.scene === 'many' ? manyRows(ask) : rows(ask));
const count = (all: DiffRow[], kind: DiffRow['kind']): number => all.filter((r) => r.kind === kind).length;

function diff(ask: Ask): ScheduleDiff {
    const all = rowsOf(ask);
    return {
        version: version(8, 8, 'draft', 3), against: 6, more: ask.scene === 'many' ? 12 : 0, told: 6, reason_needed: ask.scene !== 'empty', outdated: ask.scene === 'outdated',
        rows: all, counts: { new: count(all, 'new'), moved: count(all, 'moved'), swapped: count(all, 'swapped'), gone: count(all, 'gone') },
    };
}

function planned(ask: Ask): PlannedLessonPage {
    const { locale, scene } = ask;
    const no = { replaces: null, conflicts: [], warnings: [], free_slots: [] };
    const all = rowsOf(ask).flatMap((r) => (r.after ? [{ lesson: r.after, version: 1, ...no, replaces: r.before }] : []));
    const clash = conflict(locale);
    if (scene === 'empty') return { next: null, items: [] };
    return {
        next: null,
        items: all.map((l, i) => ((i === 0 && scene === 'clash') || (scene === 'many' && i % 20 === 7) ? { ...l, conflicts: clash.conflicts as never, free_slots: clash.free_slots }
            : i === 2 || (scene === 'many' && i % 20 === 3) ? { ...l, warnings: [{ rule: 'late_change', number: 19, limit: 1440, value: 1268, this: null, other: null, who: null, choices: [] }] } : l)),
    };
}

const judged = (state: ScheduleVersion['state']): ScheduleJudgement => ({ version: version(8, 8, state, 0), lessons: 3, hard: 0, conflicts: [], warnings: [] });
let feed: Feed = { since: null, address: null };

/** What the week, its drafts and the calendar feed are asked for; null for anything else. */
export function weekAnswer(ask: Ask): Reply | null {
    const { method, url: { pathname: path }, scene } = ask;
    if (path === '/week') return ok(week(ask));
    if (path === '/me/feed') {
        feed = method === 'POST' ? { since: NOW, address: '/api/v1/feeds/3q2-7wAbCdEfGhIjKlMnOpQrStUvWxYz0123456789_.ics' } : method === 'DELETE' ? { since: null, address: null } : feed;
        return ok(feed);
    }
    if (path === '/schedule-versions') return ok(method === 'POST' ? version(9, 9, 'draft', 0) : versions());
    if (path.endsWith('/diff')) return ok(diff(ask));
    if (path.endsWith('/validate')) return ok(judged('validated'));
    if (path.endsWith('/publish')) return scene === 'late-comer' ? refuse(409, 'outdated') : ok(judged('published'));
    if (/^\/schedule-versions\/\d+\/lessons$/.test(path) && method === 'GET') return ok(planned(ask));
    if (/^\/schedule-versions\/\d+\/(drops|stays)$/.test(path) || method === 'DELETE') return path.startsWith('/p') || path.startsWith('/sch') ? ok(version(8, 8, 'draft', 2)) : null;
    if (path.startsWith('/planned-lessons/') || /^\/schedule-versions\/\d+\/(lessons|moves)$/.test(path)) return ok(lessonFull(ask, 901), { etag: '"v1"' });
    return null;
}
