// SPDX-License-Identifier: Apache-2.0
//
// When, with whom, in what state; what it was moved from or to.
import type { LessonFull } from '../../core/api.gen.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { LessonChip } from '../../ui/LessonChip.tsx';
import { SubjectTile } from '../../ui/SubjectTile.tsx';

export function LessonFacts({ lesson }: { lesson: LessonFull }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const span = (tz: string) => `${fmt.clock2(lesson.start, tz)}–${fmt.clock2(lesson.end, tz)}`;
    const ref = (ms: number) => `${fmt.onDay(ms, me.tz)}, ${fmt.clock(ms, me.tz)}`;
    return (
        <div className="lesson-facts">
            <SubjectTile subject={lesson.subject} />
            <div>
                <p className="strong">{fmt.weekdayDay(lesson.start, me.tz)}, <span className="tabular">{span(me.tz)}</span></p>
                {lesson.tz !== me.tz && <p className="quiet small">{t('lesson.childs_time', { time: span(lesson.tz), zone: fmt.zone(lesson.tz) })}</p>}
                <p>{fmt.list(lesson.children.map((c) => c.name))} · {lesson.mentor.name}</p>
                {lesson.substitute_for && <p className="quiet small">{t('lesson.substitute_for', { name: lesson.substitute_for.name })}</p>}
                {lesson.moved_to && <p className="quiet small">{t('lesson.moved_to', { when: ref(lesson.moved_to.start) })}</p>}
                {lesson.moved_from && <p className="quiet small">{t('lesson.moved_from', { when: ref(lesson.moved_from.start) })}</p>}
                {lesson.reason && <p className="quiet small">{t('lesson.reason_given', { reason: lesson.reason })}</p>}
            </div>
            <LessonChip chip={lesson.chip} />
        </div>
    );
}
