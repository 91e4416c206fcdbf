// SPDX-License-Identifier: Apache-2.0
import type { Day } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { LessonChip } from '../../ui/LessonChip.tsx';
import { SubjectBar } from '../../ui/SubjectTile.tsx';

/** The mentor's lessons of the day; each opens its sheet. */
export function TodayCard({ day, onOpen }: { day: Day; onOpen: (id: number) => void }) {
    const { t, fmt } = useI18n();
    if (day.lessons.length === 0) return null;
    const grade = (child: number) => day.limits.find((l) => l.child === child)?.grade;
    return (
        <section className="card" aria-labelledby="mentor-today">
            <div className="panel-head"><h2 id="mentor-today">{t('mentor.today')}</h2></div>
            <ul className="today-list">
                {day.lessons.map((l) => {
                    const g = l.children[0] && grade(l.children[0].id);
                    return (
                        <li key={l.id}>
                            <button type="button" className="today-row" onClick={() => { onOpen(l.id); }}>
                                <span className="tabular strong">{fmt.clock2(l.start, day.tz)}</span>
                                <SubjectBar subject={l.subject} />
                                <span className="today-what"><span className="strong">{fmt.list(l.children.map((c) => c.name))}</span><span className="quiet small">{t(`subject.${l.subject}`)}{g ? `, ${t('mentor.grade', { grade: g })}` : ''}</span></span>
                                <LessonChip chip={l.chip} />
                            </button>
                        </li>
                    );
                })}
            </ul>
        </section>
    );
}
