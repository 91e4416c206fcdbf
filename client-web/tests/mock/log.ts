// SPDX-License-Identifier: Apache-2.0
import type { ChildLog, LogLesson } from '../../src/core/api.gen.ts';
import type { Ask } from './answer.ts';
import { strip } from './attendance.ts';
import { at, MINUTE, NOW, people, school, YEKB, type Name } from './people.ts';

export function childLog({ locale, scene, url }: Ask): ChildLog {
    const p = people(locale);
    const month = url.searchParams.get('month') ?? '2026-11';
    const make = (id: number, day: number, clock: string, subject: LogLesson['subject'], mentor: Name, drawn: (start: number) => LogLesson['strip'], more: Partial<LogLesson>): LogLesson => {
        const start = at(day, clock, 5);
        return {
            id, kind: 'lesson', subject, start, end: start + 40 * MINUTE, state: 'computed', chip: 'done', mentor: p(mentor), outcome: 'held', code: 'P', contact_ms: 40 * MINUTE,
            planned_ms: 40 * MINUTE, late_ms: 0, gaps: 0, gaps_ms: 0, rest_at: null, made_up_by: null, topic: null, homework: null, mark: null, strip: drawn(start), confirmation: null, ...more,
        };
    };
    const full = (s: number) => strip(s, 40, [[-4, 40]], [[-2, 40]]);
    const empty = scene === 'empty' || month !== '2026-11';
    return {
        child: p('misha'), school: school(locale), month, tz: YEKB, now: NOW, recording: 'off',
        summary: empty ? { planned: 0, held: 0, part: 0, teacher_missing: 0, child_missing: 0, technical: 0, ill: 0, other: 0, cancelled: 0, contact_ms: 0, to_confirm: 0 }
            : { planned: 22, held: 19, part: 1, teacher_missing: 1, child_missing: 0, technical: 0, ill: 1, other: 0, cancelled: 0, contact_ms: 0, to_confirm: 4 },
        visitors: empty ? [] : [{ person: p('irina'), seat: 'coordinator', from: at(12, '10:05', 5), to: at(12, '10:08', 5) }],
        days: empty ? [] : [
            { date: '2026-11-23', lessons: [make(611, 23, '13:30', 'reading', 'denisov', (s) => strip(s, 40, [], []), { state: 'scheduled', chip: 'later', outcome: null, code: null, contact_ms: 0 })] },
            { date: '2026-11-20', lessons: [
                make(491, 20, '9:40', 'maths', 'anna', full, { homework: locale === 'ru' ? '№ 214, 215' : 'No. 214, 215', mark: '5' }),
                make(492, 20, '13:30', 'reading', 'denisov', (s) => strip(s, 40, [[-2, 40]], [[-1, 18, 'tired']]), { chip: 'part', outcome: 'partial', code: 'E', contact_ms: 18 * MINUTE, rest_at: at(20, '13:48', 5) }),
            ] },
            { date: '2026-11-19', lessons: [
                make(481, 19, '10:40', 'language', 'lebed', (s) => strip(s, 40, [], [[-2, 15]]), { chip: 'missed', outcome: 'teacher_no_show', code: 'W', contact_ms: 0, made_up_by: { id: 530, start: at(24, '11:35', 5) } }),
                make(482, 19, '12:00', 'foreign', 'novik', (s) => strip(s, 40, [[-2, 40]], [[2, 17, 'timeout'], [19, 40]]), { contact_ms: 38 * MINUTE, gaps: 1, gaps_ms: 2 * MINUTE,
                    confirmation: scene === 'disputed' ? { result: 'disputed', at: NOW, text: locale === 'ru' ? 'Урок был на 10 минут короче' : 'The lesson was 10 minutes shorter', answer_by: at(26, '18:00') } : null }),
            ] },
        ],
    };
}
