// SPDX-License-Identifier: Apache-2.0
//
// Copies that no school has opened yet, with who has to act.
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import '../../ui/table.css';

export function Undelivered() {
    const { t, fmt } = useI18n();
    const me = useMe();
    const link = useLink();
    const { data } = useLoad('deliveries', (signal) => api.deliveries(signal));
    if (!data || data.items.length === 0) return null;
    return (
        <section className="card side-card" aria-labelledby="undelivered">
            <h2 id="undelivered">{t('reports.undelivered')}</h2>
            <p className="quiet small">{t('reports.undelivered_lead')}</p>
            <ul className="undelivered">
                {data.items.map((d) => (
                    <li key={`${d.report}-${d.version}`}>
                        <a className="row-link" {...link({ at: 'report', id: d.report })}>{t('report.title', { child: d.child.name, mentor: d.mentor.name })}</a>
                        <span className="row-sub">{t(`reports.why.${d.why}`, { school: d.school.name, day: fmt.dayMonth(d.sent ?? d.queued, me.tz) })}</span>
                    </li>
                ))}
            </ul>
        </section>
    );
}
