// SPDX-License-Identifier: Apache-2.0
//
// The same week as a list, day by day: for phones and for those who prefer it.
import type { Week } from '../../core/api.gen.ts';
import { byDay } from '../../core/week.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { LessonChip } from '../../ui/LessonChip.tsx';
import { SubjectBar } from '../../ui/SubjectTile.tsx';

export function WeekList({ week, onOpen }: { week: Week; onOpen: (id: number) => void }) {
    const { t, fmt } = useI18n();
    const days = byDay(week.lessons, week.days.map((d) => d.date), week.tz);
    return (
        <>
            {week.days.map(({ date }, i) => {
                const lessons = days[i] ?? [];
                const free = week.hatches.find((h) => h.date === date && h.from === 0 && h.to === 1440);
                if (lessons.length === 0 && !free) return null;
                return (
                    <section key={date} className="card" aria-labelledby={`week-${date}`}>
                        <div className="panel-head"><h2 id={`week-${date}`}>{fmt.date(date)}</h2>{free && <Chip>{t(`week.hatch.${free.kind}`)}</Chip>}</div>
                        <ul className="week-list">
                            {lessons.map((l) => (
                                <li key={l.id}>
                                    <button type="button" data-lesson={l.id} onClick={() => { onOpen(l.id); }}>
                                        <span className="spoken">{t('timetable.name_day', { day: fmt.weekdayDay(l.start, week.tz) })}</span>
                                        <span className="strong tabular">{fmt.clock2(l.start, week.tz)}</span>
                                        <SubjectBar subject={l.subject} />
                                        <span className="week-list-what"><span className="strong">{t(`subject.${l.subject}`)}</span><span className="quiet small">{fmt.list([...l.children.map((c) => c.name), l.mentor.name])}</span></span>
                                        <LessonChip chip={l.chip} />
                                    </button>
                                </li>
                            ))}
                        </ul>
                    </section>
                );
            })}
        </>
    );
}
