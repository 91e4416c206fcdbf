// SPDX-License-Identifier: Apache-2.0
//
// The week as a grid: hours down, a column a day. Each lesson is a button whose name begins with the
// day; hatches say that no lesson may be there, never why; the lesson in somebody's way is a dashed ghost.
import type { MouseEvent } from 'react';
import type { Hatch, Lesson, Week } from '../../core/api.gen.ts';
import { hours, nowShare, place, type Hours } from '../../core/grid.ts';
import { byDay, clockOf, instantAt, placeOf, tapped, type Place } from '../../core/week.ts';
import { wall } from '../../core/wall.ts';
import { useI18n } from '../../i18n/index.tsx';
import type { Clash, Held } from './useMove.ts';
import { WeekLesson } from './WeekLesson.tsx';

const HOUR_PX = 90; // 40 minutes hold three lines
const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

interface Shared { of: string; week: Week; axis: Hours; minute: (ms: number) => number; now: number | null; held: Held | null; clash: Clash | null; onOpen: (lesson: Lesson) => void; onPlace: (at: Place) => void }

export function WeekGrid({ of, week, now, held, clash, onOpen, onPlace }: {
    of: string; week: Week; now: number | null; held: Held | null; clash: Clash | null; onOpen: (lesson: Lesson) => void; onPlace: (at: Place) => void;
}) {
    const { t } = useI18n();
    const minute = (ms: number) => placeOf(ms, week.tz).minute;
    const axis = hours(week.lessons, minute);
    const days = week.days.map((d) => d.date);
    const lessons = byDay(week.lessons, days, week.tz);
    const sunday = (lessons[6]?.length ?? 0) > 0 || held?.at.date === days[6];
    const count = axis.to - axis.from;
    return (
        <section className="card week-grid" aria-label={t('week.show')}>
            <div className="week-hours" style={{ height: `${count * HOUR_PX}px` }} aria-hidden>
                {Array.from({ length: count }, (_, i) => <span key={i} style={{ top: percent(i / count) }}>{`${axis.from + i}:00`}</span>)}
            </div>
            <ul className="week-columns">
                {days.slice(0, sunday ? 7 : 6).map((date, i) => (
                    <Column key={date} date={date} lessons={lessons[i] ?? []} shared={{ of, week, axis, minute, now, held, clash, onOpen, onPlace }} />
                ))}
            </ul>
        </section>
    );
}

function Column({ date, lessons, shared }: { date: string; lessons: Lesson[]; shared: Shared }) {
    const { t, fmt } = useI18n();
    const { of, week, axis, minute, now, held, clash, onOpen } = shared;
    const { placed, lanes } = place(lessons, axis, minute);
    const count = axis.to - axis.from;
    const noon = Date.parse(`${date}T12:00:00Z`);
    const at = now !== null && wall(now, week.tz).date === date ? nowShare(axis, minute(now)) : null;
    return (
        <li className={`week-column${at !== null ? ' today' : ''}`}>
            <h2 className="week-day">{fmt.weekdayShort(noon, 'UTC')}<span className="quiet small">{t('week.count', { n: lessons.length })}</span></h2>
            <div className="week-lane" style={{ height: `${count * HOUR_PX}px` }}>
                {Array.from({ length: count }, (_, i) => <span key={i} className="week-rule" style={{ top: percent(i / count) }} />)}
                {week.hatches.filter((h) => h.date === date).map((h) => <Hatched key={`${h.kind}${h.from}`} hatch={h} axis={axis} />)}
                {at !== null && <span className="week-now" style={{ top: percent(at) }} />}
                {placed.map((p) => (
                    <WeekLesson key={p.lesson.id} of={of} lesson={p.lesson} tz={week.tz} onOpen={onOpen} clash={clash?.id === p.lesson.id} held={held?.lesson.id === p.lesson.id}
                        box={{ top: percent(p.top), height: percent(p.height), left: percent(p.lane / lanes), width: percent(1 / lanes) }} />
                ))}
                <Ghosts date={date} shared={shared} />
                {held && <DropHere date={date} shared={shared} held={held} />}
            </div>
        </li>
    );
}

/** Part of a day without lessons, in words and lines. */
function Hatched({ hatch, axis }: { hatch: Hatch; axis: Hours }) {
    const { t } = useI18n();
    const length = (axis.to - axis.from) * 60;
    const from = Math.max(hatch.from - axis.from * 60, 0);
    const to = Math.min(hatch.to - axis.from * 60, length);
    if (to <= from) return null;
    const what = t(`week.hatch.${hatch.kind}`);
    const whole = hatch.from === 0 && hatch.to === 1440;
    return <span className="week-hatch" style={{ top: percent(from / length), height: percent((to - from) / length) }}><span>{whole ? what : t('week.hatch_name', { what, from: clockOf(hatch.from), to: clockOf(Math.min(hatch.to, 1439)) })}</span></span>;
}

/** Lessons that stood in the way of the last try, and the picked-up one where it would land. */
function Ghosts({ date, shared: { week, axis, minute, held, clash } }: { date: string; shared: Shared }) {
    const { fmt } = useI18n();
    const length = (axis.to - axis.from) * 60;
    const box = (from: number, minutes: number) => ({ top: percent((from - axis.from * 60) / length), height: percent(minutes / length) });
    return (
        <>
            {clash?.ghosts.filter((g) => wall(g.start, week.tz).date === date).map((g) => (
                <span key={g.id} className="week-ghost bad" style={box(minute(g.start), (g.end - g.start) / 60_000)}>{`${fmt.list(g.children.map((c) => c.name))} ${fmt.clock(g.start, week.tz)}`}</span>
            ))}
            {held?.at.date === date && <span className="week-ghost" style={box(held.at.minute, (held.lesson.end - held.lesson.start) / 60_000)}>{clockOf(held.at.minute)}</span>}
        </>
    );
}

/** A whole column as the place to put a lesson down: under a finger at that height, by keyboard at the same hour. */
function DropHere({ date, shared: { week, axis, onPlace }, held }: { date: string; shared: Shared; held: Held }) {
    const { t, fmt } = useI18n();
    const press = (e: MouseEvent<HTMLButtonElement>) => {
        const box = e.currentTarget.getBoundingClientRect();
        const byKey = e.detail === 0;
        onPlace(byKey ? { date, minute: held.at.minute } : tapped(date, (e.clientY - box.top) / box.height, axis.from, axis.to));
    };
    const at = instantAt({ date, minute: held.at.minute }, week.tz, held.lesson.start);
    return <button type="button" className="week-drop" aria-label={t('week.put_here', { day: fmt.weekdayDay(at, week.tz) })} onClick={press} />;
}
