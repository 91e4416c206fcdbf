// SPDX-License-Identifier: Apache-2.0
import type { Chip, Lesson, LessonState, Locale, SubjectCode } from '../../src/core/api.gen.ts';
import { MINUTE, people, TZ, type Name } from './people.ts';

export interface Made { id: number; subject: SubjectCode; start: number; minutes?: number; mentor: Name; child: Name; chip?: Chip; state?: LessonState; tz?: string }

/** A lesson as the API tells it, with the usual door times. */
export function lesson(locale: Locale, m: Made): Lesson {
    const p = people(locale);
    const end = m.start + (m.minutes ?? 40) * MINUTE;
    return {
        id: m.id, kind: 'lesson', subject: m.subject, start: m.start, end, opens: m.start - 10 * MINUTE, closes: end + 5 * MINUTE, tz: m.tz ?? TZ,
        state: m.state ?? 'scheduled', chip: m.chip ?? 'later', version: 1, mentor: p(m.mentor), children: [p(m.child)],
        screen_limit_s: 1500, note_due: false,
    };
}
