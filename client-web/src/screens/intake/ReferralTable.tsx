// SPDX-License-Identifier: Apache-2.0
import { CircleAlert } from 'lucide-react';
import type { ReferralLine } from '../../core/api.gen.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { STATE_TONE } from './states.ts';
import '../../ui/table.css';

/** A line each; the centre sees school and reviewer too, and who may be known already. */
export function ReferralTable({ items, centre }: { items: ReferralLine[]; centre: boolean }) {
    const { t } = useI18n();
    return (
        <div className="card table-wrap">
            <table className="table cards intake-table">
                <thead>
                    <tr>
                        <th>{t('intake.list.child')}</th><th>{t('intake.list.state')}</th>{centre && <th>{t('intake.list.school')}</th>}
                        <th>{t('intake.list.submitted')}</th><th>{t('intake.list.waits')}</th><th>{t('intake.list.missing')}</th>
                        {centre && <th>{t('intake.list.reviewer')}</th>}
                    </tr>
                </thead>
                <tbody>{items.map((r) => <Row key={r.id} it={r} centre={centre} />)}</tbody>
            </table>
        </div>
    );
}

function Row({ it, centre }: { it: ReferralLine; centre: boolean }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const link = useLink();
    const name = it.child_name ?? t('intake.list.no_name');
    return (
        <tr>
            <th scope="row">
                <a className="intake-name" {...link({ at: 'referral', id: it.id })} aria-label={t('intake.list.open', { child: name })}>{name}</a>
                {it.alike.length > 0 && <Chip tone="warn" icon={CircleAlert}>{t('intake.list.same')}</Chip>}
            </th>
            <td data-label={t('intake.list.state')}><Chip tone={STATE_TONE[it.state]}>{t(`intake.state.${it.state}`)}</Chip></td>
            {centre && <td data-label={t('intake.list.school')}>{it.school.name}</td>}
            <td data-label={t('intake.list.submitted')}>{it.submitted === null ? '–' : fmt.dayMonth(it.submitted, me.tz)}</td>
            <td data-label={t('intake.list.waits')}>{it.submitted === null ? '–' : it.overdue ? <Chip tone="bad">{t('intake.list.overdue', { n: it.waiting_days })}</Chip> : t('intake.list.days', { n: it.waiting_days })}</td>
            <td data-label={t('intake.list.missing')}>{t('intake.list.missing_n', { n: it.missing.length })}</td>
            {centre && <td data-label={t('intake.list.reviewer')}>{it.reviewer?.name ?? <span className="quiet">{t('intake.list.nobody')}</span>}</td>}
        </tr>
    );
}
