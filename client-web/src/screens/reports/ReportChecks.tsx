// SPDX-License-Identifier: Apache-2.0
//
// What has been checked, and the totals that do not stand at the top. Gaps come with an exclamation.
import { CircleAlert, CircleCheck, Info } from 'lucide-react';
import type { Report } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { useHours } from './useHours.ts';

interface Check { state: 'ok' | 'gap' | 'info'; words: string }

function useChecks(r: Report): Check[] {
    const { t } = useI18n();
    const over = r.lines.filter((l) => l.status === 'over');
    const topics = over.filter((l) => l.outcome === 'held' || l.outcome === 'partial').filter((l) => !l.topic).length;
    const reasons = over.filter((l) => l.code === 'N').length;
    const by = (family: string) => over.filter((l) => l.family === family).length;
    return [
        { state: 'ok', words: t('report.check.register') },
        { state: 'info', words: t('report.check.settled', { done: over.length, all: r.totals.planned - r.totals.cancelled }) },
        topics ? { state: 'gap', words: t('report.check.notes', { n: topics }) } : { state: 'ok', words: t('report.check.notes_ok') },
        reasons ? { state: 'gap', words: t('report.check.reasons', { n: reasons }) } : { state: 'ok', words: t('report.check.reasons_ok') },
        { state: 'info', words: t('report.check.family', { n: by('confirmed'), silent: by('silent') }) },
        ...(by('disputed') ? [{ state: 'gap' as const, words: t('report.check.disputed', { n: by('disputed') }) }] : []),
    ];
}

const ICONS = { ok: CircleCheck, gap: CircleAlert, info: Info };

export function ReportChecks({ report: r }: { report: Report }) {
    const { t, fmt } = useI18n();
    const hours = useHours();
    const checks = useChecks(r);
    const totals: [string, string | number][] = [
        [t('report.total.cancelled'), r.totals.cancelled], [t('report.total.moved'), r.totals.moved], [t('report.total.make_ups'), r.totals.make_ups_done],
        [t('report.total.credit'), fmt.number(r.totals.credit_quarters / 4)], [t('report.total.screen'), hours(r.totals.screen_ms)],
        [t('report.total.missed'), r.totals.missed], [t('report.total.missed_ill'), r.totals.missed_ill], [t('report.total.days_missed'), r.totals.days_missed],
    ];
    return (
        <>
            <section className="card side-card">
                <h2>{t('report.checks')}</h2>
                <ul className="checks">
                    {checks.map(({ state, words }) => {
                        const Icon = ICONS[state];
                        return <li key={words} className={state}><Icon className="icon" aria-hidden />{words}</li>;
                    })}
                </ul>
            </section>
            <section className="card side-card">
                <h2>{t('report.more_totals')}</h2>
                <dl className="side-totals">{totals.map(([name, n]) => <div key={name}><dt>{name}</dt><dd className="tabular">{n}</dd></div>)}</dl>
            </section>
        </>
    );
}
