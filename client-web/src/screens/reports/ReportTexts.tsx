// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';

const TEXTS = ['empty_reason', 'progress', 'difficulties', 'next_month'] as const;

/** What the mentor wrote, and by what the report can be checked. */
export function ReportTexts({ report: r }: { report: Report }) {
    const { t, fmt } = useI18n();
    const written = TEXTS.filter((name) => r.texts[name]);
    return (
        <>
            {written.length > 0 && (
                <section className="card side-card">
                    <h2>{t('report.writes')}</h2>
                    {written.map((name) => <div key={name}><h3 className="small strong">{t(`report.text.${name}`)}</h3><p>{r.texts[name]}</p></div>)}
                </section>
            )}
            <p className="quiet small proof">{t('report.made', { when: fmt.dayTime(r.printed_at, r.tz) })}<br />{t('report.proof', { hash: r.log_hash.slice(0, 12) })}</p>
        </>
    );
}
