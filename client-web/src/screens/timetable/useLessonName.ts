// SPDX-License-Identifier: Apache-2.0
import type { Lesson } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';

/** The spoken name of a lesson in a timetable: day, time, subject, child, mentor, state. */
export function useLessonName(tz: string): (lesson: Lesson) => string {
    const { t, fmt } = useI18n();
    return (l) => t('timetable.lesson_name', {
        day: fmt.weekdayDay(l.start, tz), from: fmt.clock(l.start, tz), to: fmt.clock(l.end, tz), subject: t(`subject.${l.subject}`),
        children: fmt.list(l.children.map((c) => c.name)), mentor: l.mentor.name, state: t(`chip.${l.chip}`),
    });
}
