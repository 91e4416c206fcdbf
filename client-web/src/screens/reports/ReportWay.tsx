// SPDX-License-Identifier: Apache-2.0
//
// The chain of a report: who has it, since when, with which word; and its earlier versions.
import { CircleCheck, Circle, Hourglass, TriangleAlert, type LucideIcon } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Report } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import '../../ui/table.css';

type Mood = 'done' | 'now' | 'late' | 'waits';
interface Link { name: string; mood: Mood; words: string }

const ICONS: Record<Mood, LucideIcon> = { done: CircleCheck, now: Hourglass, late: TriangleAlert, waits: Circle };
const MENTORS: readonly Report['state'][] = ['not_due', 'due', 'draft', 'returned'];

/** What a report and a mark sheet have in common on their way. */
export type OnItsWay = Pick<Report, 'id' | 'tz' | 'state' | 'due' | 'overdue' | 'steps' | 'copy' | 'frozen' | 'version'>;

function useChain(r: OnItsWay): Link[] {
    const { t, fmt } = useI18n();
    const when = (ms: number) => fmt.dayTime(ms, r.tz);
    const last = (step: string) => [...r.steps].reverse().find((s) => s.step === step);
    const signed = (step: string) => {
        const s = last(step);
        return s ? t('way.by_at', { name: s.by.name, when: when(s.at) }) : t('way.waits');
    };
    const withMentor = MENTORS.includes(r.state);
    const accepted = !withMentor && r.state !== 'submitted';
    const copy = r.copy;
    const copied = copy?.sent ? t('way.sent', { when: when(copy.sent) }) : accepted ? t('way.no_officer') : t('way.waits');
    const school = copy?.acknowledged ? t('way.acknowledged', { when: when(copy.acknowledged) })
        : copy?.opened ? t('way.opened', { when: when(copy.opened) }) : t('way.waits');
    return [
        { name: t('way.mentor'), mood: withMentor ? (r.overdue ? 'late' : 'now') : 'done',
            words: withMentor ? t(r.overdue ? 'way.late' : 'way.due', { day: fmt.dayMonth(r.due, r.tz) }) : signed('submitted') },
        { name: t('way.centre'), mood: accepted ? 'done' : r.state === 'submitted' ? 'now' : 'waits',
            words: r.state === 'submitted' ? t('way.checking') : accepted ? signed('accepted') : t('way.waits') },
        { name: t('way.delivered'), mood: copy?.sent ? 'done' : accepted ? 'late' : 'waits', words: copied },
        { name: t('way.school'), mood: copy?.acknowledged ? 'done' : copy?.sent ? 'now' : 'waits', words: school },
    ];
}

export function ReportWay({ report: r, file = api.reportFile }: { report: OnItsWay; file?: (id: string, kind: 'pdf', version: number) => string }) {
    const { t } = useI18n();
    const chain = useChain(r);
    const words = r.steps.filter((s) => (s.step === 'returned' || s.step === 'corrected') && s.note);
    return (
        <section className="card side-card" aria-labelledby="report-way">
            <h2 id="report-way">{t('way.title')}</h2>
            <ol className="way">
                {chain.map(({ name, mood, words: said }) => {
                    const Icon = ICONS[mood];
                    return <li key={name} className={mood}><Icon className="icon" aria-hidden /><span><span className="strong">{name}</span><span className="row-sub">{said}</span></span></li>;
                })}
            </ol>
            {words.map((s) => <p key={s.at} className="way-word">{t(s.step === 'returned' ? 'way.returned' : 'way.corrected', { name: s.by.name, note: s.note ?? '' })}</p>)}
            {r.frozen && <p className="quiet small">{t('way.frozen')}</p>}
            {r.frozen && r.copy && <p className="quiet small proof">{t('way.fingerprint', { sha: r.copy.sha256.slice(0, 16) })}</p>}
            {r.version > 1 && (
                <p className="small">
                    {t('way.earlier')}{': '}
                    {Array.from({ length: r.version - 1 }, (_, i) => i + 1).map((n) => <a key={n} className="file-link" href={file(r.id, 'pdf', n)} download>{t('way.version', { n })}</a>)}
                </p>
            )}
        </section>
    );
}
