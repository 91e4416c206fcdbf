// SPDX-License-Identifier: Apache-2.0
import type { Board, BoardLesson, Card, Chip, DoorEvent, Interval, SubjectCode } from '../../src/core/api.gen.ts';
import type { Ask } from './answer.ts';
import { lesson } from './lessons.ts';
import { noShowBrief } from './noshow.ts';
import { at, MINUTE, NOW, people, TZ, type Name } from './people.ts';

const stay = (...spans: string[]): Interval[] => spans.map((s) => {
    const [from = '', to] = s.split('-');
    return { from: at(23, from), to: to ? at(23, to) : NOW, cause: to ? 'timeout' : 'still_in' };
});

export function board({ locale, scene }: Ask): Board {
    const p = people(locale);
    const row = (id: number, clock: string, subject: SubjectCode, child: Name, mentor: Name, chip: Chip, minutes: number, m: string[], c: string[], contact = 0, drops = 0): BoardLesson => {
        const l = lesson(locale, { id, subject, start: at(23, clock), minutes, mentor, child, chip });
        const { kind: _k, screen_limit_s: _s, note_due: _n, ...rest } = l;
        return { ...rest, since: chip === 'resting' ? NOW - 3 * MINUTE : null, contact_ms: contact * MINUTE, drops, seats: [], version: 1, no_show: noShowBrief(id, scene),
            lanes: { start: l.start, end: l.end, mentor: stay(...m), child: stay(...c), outages: [] } };
    };
    const card = (kind: Card['kind'], child: Name, mentor: Name, subject: SubjectCode, lessonId: number, start: string, since: string, more: Partial<Card>): Card => ({
        kind, since: at(23, since), lesson: lessonId, subject, start: at(23, start), mentor: p(mentor), child: p(child), child_since: null, last_try: null, drops: 0, phone: null, ...more,
    });
    const event = (clock: string, kind: DoorEvent['kind'], person: Name | null, code: string | null = null, count = 1): DoorEvent =>
        ({ at: at(23, clock), kind, code, person: person ? p(person) : null, lesson: null, count });
    const quiet = scene === 'empty';
    return {
        now: NOW, as_of: scene === 'stale' ? NOW - 40_000 : NOW, date: '2026-11-23', tz: TZ,
        counts: { under_way: quiet ? 5 : 8, need_you: quiet ? 0 : 3, to_come: 61, held: 14 },
        safe_restart: { from: at(23, '12:10'), to: at(23, '12:35') },
        cards: quiet ? [] : [
            card('mentor_missing', 'sofia', 'denisov', 'reading', 601, '10:00', '10:00', { child_since: at(23, '9:58'), phone: '+7 900 555-01-13' }),
            card('child_missing', 'liza', 'novik', 'foreign', 603, '10:05', '10:05', { last_try: at(22, '17:30'), phone: '+7 900 555-02-42' }),
            card('link', 'timur', 'orlova', 'nature', 602, '10:00', '10:09', { drops: 3 }),
        ],
        lessons: [
            row(601, '10:00', 'reading', 'sofia', 'denisov', quiet ? 'live' : 'mentor_missing', 30, [], ['9:58']),
            row(602, '10:00', 'nature', 'timur', 'orlova', 'weak', 35, ['9:57'], ['9:59-10:03', '10:04-10:07', '10:09'], 8, 3),
            row(603, '10:05', 'foreign', 'liza', 'novik', 'child_missing', 30, ['10:01'], []),
            row(604, '9:40', 'maths', 'misha', 'anna', 'live', 40, ['9:36'], ['9:38'], 32),
            row(605, '9:45', 'language', 'anya', 'lebed', 'live', 30, ['9:44'], ['9:43-9:59', '10:01'], 25, 1),
            row(606, '10:00', 'nature', 'egor', 'shah', 'resting', 40, ['9:58'], ['9:59-10:09'], 9),
            row(607, '10:00', 'maths', 'vera', 'lebed', 'live', 30, ['9:59'], ['10:00'], 12),
            row(608, '10:20', 'art', 'daniil', 'orlova', 'door_open', 40, [], ['10:11']),
            row(609, '10:40', 'music', 'sofia', 'shah', 'later', 30, [], []),
        ],
        door: quiet ? [] : [
            event('10:12', 'joined', 'daniil'), event('10:11', 'refused', 'vera', 'not_yours'), event('10:10', 'taken_over', 'daniil'), event('10:09', 'rest', 'egor'),
            event('10:07', 'lost', 'timur'), event('10:06', 'ready_failed', 'liza', 'mic_blocked'), event('10:04', 'visitor', 'irina'), event('10:03', 'refused', 'sofia', 'too_early', 2),
            event('10:00', 'left', 'anya'), event('9:58', 'help', 'sofia'),
        ],
    };
}
