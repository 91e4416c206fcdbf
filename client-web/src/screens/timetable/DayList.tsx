// SPDX-License-Identifier: Apache-2.0
//
// The same day as a list, in order of time: for phones and for those who prefer it.
import type { Timetable } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { LessonChip } from '../../ui/LessonChip.tsx';
import { SubjectBar } from '../../ui/SubjectTile.tsx';

export function DayList({ day, onOpen }: { day: Timetable; onOpen: (id: number) => void }) {
    const { t, fmt } = useI18n();
    const lessons = day.rows.flatMap((r) => r.lessons).sort((a, b) => a.start - b.start);
    return (
        <ul className="card day-list">
            {lessons.map((l) => (
                <li key={l.id}>
                    <button type="button" onClick={() => { onOpen(l.id); }}>
                        <span className="spoken">{t('timetable.name_day', { day: fmt.weekdayDay(l.start, day.tz) })}</span>
                        <span className="day-list-time tabular">{fmt.clock2(l.start, day.tz)}</span>
                        <SubjectBar subject={l.subject} />
                        <span className="day-list-what"><span className="strong">{t(`subject.${l.subject}`)} · {fmt.list(l.children.map((c) => c.name))}</span><span className="quiet small">{l.mentor.name}</span></span>
                        <LessonChip chip={l.chip} />
                    </button>
                </li>
            ))}
        </ul>
    );
}
