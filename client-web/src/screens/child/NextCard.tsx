// SPDX-License-Identifier: Apache-2.0
//
// The day line and, under it, the next lesson with the one big button. The button wakes when the door
// opens; until then it says when that is.
import { DoorOpen, Hourglass } from 'lucide-react';
import type { Day, Lesson } from '../../core/api.gen.ts';
import { door, isDone, nextLesson, takesPlace } from '../../core/child-day.ts';
import { useMedia } from '../../hooks/useAppearance.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { DayLine } from '../../ui/DayLine.tsx';
import { SubjectTile } from '../../ui/SubjectTile.tsx';

const SMALL = { width: 328, height: 112 };
const LARGE = { width: 558, height: 220 };

export function NextCard({ day, now }: { day: Day; now: number }) {
    const { t, fmt } = useI18n();
    const large = useMedia('(min-width: 700px)');
    const next = nextLesson(day);
    const lessons = day.lessons.filter(takesPlace).map((l) => ({
        start: l.start, end: l.end, subject: l.subject, time: fmt.clock(l.start, day.tz), done: isDone(l),
    }));
    const spoken = lessons.map((l) => t(l.done ? 'child.lesson_done' : 'child.lesson_at', { time: l.time, subject: t(`subject.${l.subject}`) }));
    return (
        <section className="card next-card" aria-label={t('child.next')}>
            <DayLine lessons={lessons} now={now} box={large ? LARGE : SMALL}
                label={t('child.dayline', { now: fmt.clock(now, day.tz), n: lessons.length, lessons: fmt.list(spoken) })} />
            {next ? <Next lesson={next} tz={day.tz} now={now} /> : <NoMore day={day} />}
        </section>
    );
}

function Next({ lesson, tz, now }: { lesson: Lesson; tz: string; now: number }) {
    const { t, fmt } = useI18n();
    const { go } = useRouter();
    const state = door(lesson, now);
    const minutes = Math.max(0, Math.ceil((lesson.start - now) / 60_000));
    return (
        <div className="next-body">
            <div className="next-lesson">
                <SubjectTile subject={lesson.subject} size="lg" />
                <div>
                    <h2 className="next-subject">{t(`subject.${lesson.subject}`)}</h2>
                    <p className="quiet">{t('child.with', { mentor: lesson.mentor.given })}</p>
                </div>
            </div>
            <p className="next-when">
                <span className="strong">{t(state === 'running' ? 'child.started' : 'child.starts', { time: fmt.clock(lesson.start, tz) })}</span>
                {state !== 'running' && <span className="quiet">{minutes < 90 ? t('child.in_minutes', { n: minutes }) : t('child.in_hours', { n: Math.round(minutes / 60) })}</span>}
            </p>
            {state === 'later'
                ? <Button look="main" big wide icon={Hourglass} blocked={t('child.opens_reason')}>{t('child.opens_at', { time: fmt.clock(lesson.opens, tz) })}</Button>
                : <Button look="main" big wide autoFocus data-first icon={DoorOpen} onPress={() => { go({ at: 'lesson', id: lesson.id }); }}>{t('child.enter')}</Button>}
        </div>
    );
}

function NoMore({ day }: { day: Day }) {
    const { t, fmt } = useI18n();
    const none = day.lessons.filter(takesPlace).length === 0;
    const first = day.tomorrow;
    return (
        <div className="next-body">
            <h2 className="next-subject">{t(none ? 'child.no_lessons' : 'child.all_done')}</h2>
            <p>{t(none ? 'child.no_lessons_text' : 'child.all_done_text')}</p>
            {first && <p className="quiet">{t('child.tomorrow', {
                day: fmt.onDay(first.start, day.tz), time: fmt.clock(first.start, day.tz), subject: t(`subject.${first.subject}`),
            })}</p>}
        </div>
    );
}
