// SPDX-License-Identifier: Apache-2.0
//
// The month in one sentence with a bar, the key of the strips, and who else was in.
import type { ReactNode } from 'react';
import { ShieldCheck } from 'lucide-react';
import type { ChildLog } from '../../core/api.gen.ts';
import { slices } from '../../core/log-line.ts';
import { useI18n } from '../../i18n/index.tsx';
import { StripKey } from '../../ui/Strip.tsx';

export function MonthCard({ log, link }: { log: ChildLog; link: ReactNode }) {
    const { t, fmt } = useI18n();
    const { summary: s } = log;
    const parts = slices(s);
    const who = log.visitors.map((v) => t('log.visitor', { role: v.seat, name: v.person.name, day: fmt.dayMonth(v.from, log.tz) }));
    return (
        <section className="card month-card">
            <h2>{s.planned > 0 ? t('log.held', { held: s.held, planned: s.planned }) : t('log.none_yet')}</h2>
            {s.planned > 0 && (
                <div className="month-bar" role="img" aria-label={t('log.bar', { held: s.held, planned: s.planned })}>
                    {parts.map(({ name, n }) => <span key={name} className={`slice ${name}`} style={{ flexGrow: n }} />)}
                </div>
            )}
            <ul className="month-parts">
                {parts.filter(({ name }) => name !== 'held').map(({ name, n }) => (
                    <li key={name}><span className={`slice ${name}`} aria-hidden />{t(`log.${name as 'part'}`, { n })}</li>
                ))}
                {s.cancelled > 0 && <li><span className="slice" aria-hidden />{t('log.cancelled', { n: s.cancelled })}</li>}
            </ul>
            <StripKey mentor={t('log.key_mentor')} child={log.child.given} lesson={t('log.key_lesson')} />
            <p className="quiet">{t('common.time_zone', { zone: fmt.zone(log.tz) })}</p>
            {link}
            <p className="month-shield quiet"><ShieldCheck className="icon" aria-hidden />{who.length ? t('log.visitors', { who: fmt.list(who) }) : t('log.no_record')}</p>
        </section>
    );
}
