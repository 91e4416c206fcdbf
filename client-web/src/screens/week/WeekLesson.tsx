// SPDX-License-Identifier: Apache-2.0
import { CircleX } from 'lucide-react';
import type { Lesson } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { subjectLook } from '../../ui/subjects.ts';

const GONE: readonly string[] = ['cancelled', 'moved'];

/** One lesson in the grid: its name begins with the day, so that it can be told from the same hour of another. */
export function WeekLesson({ of, lesson, tz, box, clash, held, onOpen }: {
    of: string; lesson: Lesson; tz: string; box: Record<'left' | 'width' | 'top' | 'height', string>; clash: boolean; held: boolean; onOpen: (lesson: Lesson) => void;
}) {
    const { t, fmt } = useI18n();
    const { tint, icon: Icon } = subjectLook(lesson.subject);
    const look = [clash ? 'clash' : GONE.includes(lesson.chip) ? 'gone' : lesson.chip === 'needs_substitute' ? 'urgent' : '', held ? 'held' : ''].join(' ');
    const who = [...(of.startsWith('child') ? [] : lesson.children.map((c) => c.name)), ...(of.startsWith('mentor') ? [] : [lesson.mentor.name])];
    return (
        <div className="week-slot" style={box}>
            <button type="button" data-lesson={lesson.id} className={`week-block ${tint} ${look}`} onClick={() => { onOpen(lesson); }}>
                <span className="spoken">{t('timetable.name_day', { day: fmt.weekdayDay(lesson.start, tz) })}</span>
                <span className="week-block-name"><Icon aria-hidden />{t(`subject.${lesson.subject}`)}</span>
                <span>{fmt.clock(lesson.start, tz)}–{fmt.clock(lesson.end, tz)} · {who.join(', ')}</span>
                <span className="spoken">{clash ? t('week.clash') : t(`chip.${lesson.chip}`)}</span>
                {clash && <CircleX className="week-cross" aria-hidden />}
            </button>
        </div>
    );
}
