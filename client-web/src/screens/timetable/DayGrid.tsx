// SPDX-License-Identifier: Apache-2.0
//
// The day as a grid: hours down, a column per mentor. Each lesson is a button whose name begins with
// the day and the time.
import type { Lesson, Timetable, TimetableRow } from '../../core/api.gen.ts';
import { hours, nowShare, place, type Hours } from '../../core/grid.ts';
import { minuteOfDay } from '../../core/wall.ts';
import { useI18n } from '../../i18n/index.tsx';
import { subjectLook } from '../../ui/subjects.ts';

const HOUR_PX = 84;
const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

export function DayGrid({ day, now, onOpen }: { day: Timetable; now: number | null; onOpen: (id: number) => void }) {
    const { t } = useI18n();
    const minute = (ms: number) => minuteOfDay(ms, day.tz);
    const axis = hours(day.rows.flatMap((r) => r.lessons), minute);
    const count = axis.to - axis.from;
    const at = now === null ? null : nowShare(axis, minute(now));
    return (
        <section className="card day-grid" aria-label={t('timetable.title')}>
            <div className="day-hours" style={{ height: `${count * HOUR_PX}px` }} aria-hidden>
                {Array.from({ length: count }, (_, i) => <span key={i} style={{ top: percent(i / count) }}>{`${axis.from + i}:00`}</span>)}
            </div>
            <ul className="day-columns">
                {day.rows.map((row) => <Column key={row.mentor.id} row={row} day={day} axis={axis} minute={minute} now={at} onOpen={onOpen} />)}
            </ul>
        </section>
    );
}

function Column({ row, day, axis, minute, now, onOpen }: {
    row: TimetableRow; day: Timetable; axis: Hours; minute: (ms: number) => number; now: number | null; onOpen: (id: number) => void;
}) {
    const { t } = useI18n();
    const { placed, lanes } = place(row.lessons, axis, minute);
    const count = axis.to - axis.from;
    return (
        <li className="day-column">
            <h2 className="day-mentor">{row.mentor.name}<span className="quiet small">{t('timetable.count', { n: row.lessons.length })}</span></h2>
            <div className="day-lane" style={{ height: `${count * HOUR_PX}px` }}>
                {Array.from({ length: count }, (_, i) => <span key={i} className="day-rule" style={{ top: percent(i / count) }} />)}
                {now !== null && <span className="day-now" style={{ top: percent(now) }} />}
                {placed.map((p) => (
                    <Block key={p.lesson.id} lesson={p.lesson} tz={day.tz} onOpen={onOpen}
                        box={{ top: percent(p.top), height: percent(p.height), left: percent(p.lane / lanes), width: percent(1 / lanes) }} />
                ))}
            </div>
        </li>
    );
}

const GONE: readonly string[] = ['cancelled', 'moved'];
const URGENT: readonly string[] = ['needs_substitute', 'mentor_missing'];

function Block({ lesson, tz, box, onOpen }: { lesson: Lesson; tz: string; box: Record<'left' | 'width' | 'top' | 'height', string>; onOpen: (id: number) => void }) {
    const { t, fmt } = useI18n();
    const look = GONE.includes(lesson.chip) ? 'gone' : URGENT.includes(lesson.chip) ? 'urgent' : '';
    const { tint, icon: Icon } = subjectLook(lesson.subject);
    return (
        <div className="day-slot" style={box}>
            <button type="button" className={`day-block ${tint} ${look}`} onClick={() => { onOpen(lesson.id); }}>
                <span className="spoken">{t('timetable.name_day', { day: fmt.weekdayDay(lesson.start, tz) })}</span>
                <span className="day-block-name"><Icon aria-hidden />{fmt.list(lesson.children.map((c) => c.name))}</span>
                <span>{fmt.clock(lesson.start, tz)}–{fmt.clock(lesson.end, tz)} {t(`subject.${lesson.subject}`)}</span>
                <span className="spoken">{t('timetable.name_rest', { mentor: lesson.mentor.name, state: t(`chip.${lesson.chip}`) })}</span>
            </button>
        </div>
    );
}
