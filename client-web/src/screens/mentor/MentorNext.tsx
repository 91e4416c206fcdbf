// SPDX-License-Identifier: Apache-2.0
//
// The next lesson and what binds it: limits, never the reasons for them.
import { Bed, CalendarClock, Clock, DoorOpen, Hourglass, MonitorCheck, type LucideIcon } from 'lucide-react';
import type { Day } from '../../core/api.gen.ts';
import { door, nextLesson } from '../../core/child-day.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { SubjectTile } from '../../ui/SubjectTile.tsx';

export function MentorNext({ day, now, onEnter }: { day: Day; now: number; onEnter: (id: number) => void }) {
    const { t, fmt } = useI18n();
    const lesson = nextLesson(day);
    if (!lesson) {
        const first = day.tomorrow;
        return (
            <section className="card mentor-next">
                <h2>{day.lessons.length || first ? t('mentor.none') : t('mentor.empty')}</h2>
                {first && <p className="quiet">{t('mentor.none_next', { day: fmt.onDay(first.start, day.tz), time: fmt.clock(first.start, day.tz), subject: t(`subject.${first.subject}`) })}</p>}
            </section>
        );
    }
    const state = door(lesson, now);
    const minutes = Math.max(0, Math.ceil((lesson.start - now) / 60_000));
    const limits = day.limits.filter((l) => lesson.children.some((c) => c.id === l.child));
    const when = state === 'running' ? t('mentor.running', { time: fmt.clock(lesson.start, day.tz) })
        : minutes < 90 ? t('mentor.starts_in', { n: minutes }) : t('mentor.in_hours', { n: Math.round(minutes / 60) });
    return (
        <section className="card mentor-next" aria-label={t('mentor.next')}>
            <div className="mentor-next-head">
                <SubjectTile subject={lesson.subject} size="lg" />
                <div className="mentor-next-name">
                    <h2>{t(`subject.${lesson.subject}`)} · {fmt.list(lesson.children.map((c) => c.name))}</h2>
                    <p className="quiet"><span className="tabular">{fmt.clock(lesson.start, day.tz)}–{fmt.clock(lesson.end, day.tz)}</span>, {when}</p>
                    {lesson.tz !== day.tz && <p className="quiet small">{t('mentor.childs_clock', { time: fmt.clock(lesson.start, lesson.tz), zone: fmt.zone(lesson.tz) })}</p>}
                </div>
                <div className="mentor-next-go">
                    {state === 'later'
                        ? <Button look="main" icon={Hourglass} blocked={t('mentor.opens_why')}>{t('mentor.opens', { time: fmt.clock(lesson.opens, day.tz) })}</Button>
                        : <Button look="main" icon={DoorOpen} autoFocus data-first onPress={() => { onEnter(lesson.id); }}>{t('mentor.open')}</Button>}
                </div>
            </div>
            {limits.map((l) => (
                <ul key={l.child} className="mentor-limits">
                    {limits.length > 1 && <li className="strong">{lesson.children.find((c) => c.id === l.child)?.name}</li>}
                    <Limit icon={Clock}>{t('mentor.limit.lesson', { n: l.lesson_minutes })}</Limit>
                    <Limit icon={MonitorCheck}>{t('mentor.limit.screen', { n: l.screen_minutes })}</Limit>
                    <Limit icon={CalendarClock}>{t('mentor.limit.day', { n: l.screen_minutes_day, lessons: l.lessons_day })}</Limit>
                    <Limit icon={Bed}>{t('mentor.limit.rest')}</Limit>
                </ul>
            ))}
        </section>
    );
}

const Limit = ({ icon: Icon, children }: { icon: LucideIcon; children: string }) => <li><Icon className="icon" aria-hidden />{children}</li>;
