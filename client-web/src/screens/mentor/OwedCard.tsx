// SPDX-License-Identifier: Apache-2.0
//
// What the mentor owes: month reports and notes on lessons, late ones first.
import { CircleCheck } from 'lucide-react';
import type { Owed } from '../../core/api.gen.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';

export function OwedCard({ owed, tz, onNote }: { owed: Owed; tz: string; onNote: (lesson: number) => void }) {
    const { t, fmt } = useI18n();
    const { go } = useRouter();
    const reports = [...owed.reports].sort((a, b) => Number(b.overdue) - Number(a.overdue) || a.due - b.due);
    return (
        <section className="card owed" aria-labelledby="mentor-owed">
            <div className="panel-head"><h2 id="mentor-owed">{t('mentor.owed')}</h2></div>
            {reports.length + owed.notes.length === 0 && <p className="owed-none"><CircleCheck className="icon" aria-hidden />{t('mentor.owed_none')}</p>}
            <ul>
                {reports.map((r) => (
                    <li key={r.id}>
                        <div><p className="strong">{t('mentor.owed_report', { month: fmt.month(r.month) })}</p><p className="quiet small">{r.child.name}</p></div>
                        <Chip tone={r.overdue ? 'bad' : 'plain'}>{t(r.overdue ? 'mentor.overdue' : 'mentor.due', { day: fmt.dayMonth(r.due, tz) })}</Chip>
                        <Button onPress={() => { go({ at: 'report', id: r.id }); }}>{t('mentor.open_report')}</Button>
                    </li>
                ))}
                {owed.notes.map((n) => (
                    <li key={n.id}>
                        <div>
                            <p className="strong">{t('mentor.owed_note')}</p>
                            <p className="quiet small">{fmt.list(n.children.map((c) => c.name))}, {t('mentor.lesson_of', { subject: t(`subject.${n.subject}`), day: fmt.dayMonth(n.start, tz), time: fmt.clock(n.start, tz) })}</p>
                        </div>
                        <Button onPress={() => { if (n.id !== null) onNote(n.id); }}>{t('mentor.write')}</Button>
                    </li>
                ))}
            </ul>
        </section>
    );
}
