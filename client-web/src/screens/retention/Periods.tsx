// SPDX-License-Identifier: Apache-2.0
//
// One row per kind of data: how long, by which rule, and what the newest run has listed of it.
import type { RetentionPeriod, RetentionRun } from '../../core/api.gen.ts';
import { period } from '../../core/retention.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import '../../ui/table.css';

export function Periods({ periods, run }: { periods: RetentionPeriod[]; run: RetentionRun | null }) {
    const { t, fmt } = useI18n();
    const link = useLink();
    const me = useMe();
    return (
        <section className="card table-wrap" aria-label={t('retention.periods')}>
            <table className="table cards">
                <thead><tr><th>{t('retention.kind')}</th><th>{t('retention.period')}</th><th>{t('retention.source')}</th><th className="num">{t('retention.due')}</th><th className="num">{t('retention.held')}</th><th className="num">{t('retention.done')}</th></tr></thead>
                <tbody>
                    {periods.map((p) => {
                        const count = run?.counts.find((c) => c.kind === p.kind) ?? null;
                        const listed = count ? count.due + count.held + count.done + count.spared : 0;
                        const { n, unit } = period(p.days);
                        return (
                            <tr key={p.kind}>
                                <th scope="row">
                                    {run && listed > 0 ? <a className="row-link" {...link({ at: 'retention_list', run: run.id, kind: p.kind })}>{t(`retention.kind.${p.kind}`)}</a> : t(`retention.kind.${p.kind}`)}
                                    <span className="row-sub">{t(`retention.since.${p.kind}`)}</span>
                                </th>
                                <td data-label={t('retention.period')}>{t(`retention.${unit}`, { n })}</td>
                                <td data-label={t('retention.source')} className="wrap"><span>{p.from === null ? t(`retention.default.${p.kind}`) : t('retention.row', { source: p.source, on: fmt.dayMonthYear(p.from, me.tz) })}</span></td>
                                <td className="num" data-label={t('retention.due')}>{count ? fmt.number(count.due) : '–'}</td>
                                <td className="num" data-label={t('retention.held')}>{count ? fmt.number(count.held) : '–'}</td>
                                <td className="num" data-label={t('retention.done')}>{count ? fmt.number(count.done) : '–'}</td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </section>
    );
}
