// SPDX-License-Identifier: Apache-2.0
//
// Day by day, newest first: each lesson with its strip and a sentence that says the same.
import { Bed, CalendarX2, CircleCheck, CircleDashed, CloudOff, Eye, UserX, type LucideIcon } from 'lucide-react';
import type { ChildLog, LogLesson } from '../../core/api.gen.ts';
import { lineKind, lineTone, type LineTone } from '../../core/log-line.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Strip } from '../../ui/Strip.tsx';
import { SubjectTile } from '../../ui/SubjectTile.tsx';
import { useLine } from './useLine.ts';

/** A guardian may sit in while the lesson can be entered. */
const IN: readonly string[] = ['door_open', 'waiting', 'mentor_missing', 'child_missing', 'live', 'paused', 'resting', 'weak'];
const ICONS: Record<LineTone, LucideIcon> = { ok: CircleCheck, rest: Bed, mentor: UserX, technical: CloudOff, child: UserX, off: CircleDashed };

export function LogDays({ log, onDispute }: { log: ChildLog; onDispute: ((lesson: LogLesson) => void) | null }) {
    const { t, fmt } = useI18n();
    const now = useNow(15_000);
    if (log.days.length === 0) return <div className="card"><Empty icon={CalendarX2} sentence={t('log.empty')} /></div>;
    return (
        <div className="log-days">
            {log.days.map((day) => (
                <section key={day.date}>
                    <h2>{fmt.date(day.date)}</h2>
                    <ul className="card">{day.lessons.map((l) => <LogRow key={l.id} lesson={l} tz={log.tz} now={now} onDispute={onDispute} />)}</ul>
                </section>
            ))}
        </div>
    );
}

function LogRow({ lesson: l, tz, now, onDispute }: { lesson: LogLesson; tz: string; now: number; onDispute: ((lesson: LogLesson) => void) | null }) {
    const { t, fmt } = useI18n();
    const { go } = useRouter();
    const line = useLine(tz);
    const kind = lineKind(l, now);
    const tone = lineTone(kind);
    const Icon = ICONS[tone];
    const sentences = line(l, kind);
    const said = l.confirmation;
    return (
        <li className="log-row">
            <div className="log-what">
                <SubjectTile subject={l.subject} />
                <div><h3>{fmt.clock(l.start, tz)} {t(`subject.${l.subject}`)}</h3><p className="quiet">{l.mentor.given}</p></div>
            </div>
            <div className="log-how">
                {kind !== 'cancelled' && <Strip strip={l.strip} now={now} />}
                <p className={`log-line ${tone}`}><Icon className="icon" aria-hidden /><span className="log-sentences">{sentences.map((s) => <span key={s}>{s}</span>)}</span></p>
                {said?.result === 'disputed' && <p className="quiet">{t('log.disputed', { text: said.text ?? '', day: said.answer_by === null ? '' : fmt.dayMonth(said.answer_by, tz) })}</p>}
            </div>
            {onDispute && l.outcome !== null && said === null && (
                <Button look="link" aria-label={t('log.wrong_of', { subject: t(`subject.${l.subject}`), when: fmt.dayTime(l.start, tz) })} onPress={() => { onDispute(l); }}>{t('log.wrong')}</Button>
            )}
            {onDispute && IN.includes(l.chip) && <Button icon={Eye} onPress={() => { go({ at: 'lesson', id: l.id }); }}>{t('log.sit_in')}</Button>}
            {said?.result === 'confirmed' && <span className="log-said quiet">{t('log.confirmed')}</span>}
        </li>
    );
}
