// SPDX-License-Identifier: Apache-2.0
//
// Every school's number of a month beside its referrals, those that differ first to the eye.
import { ChevronLeft, ChevronRight, School } from 'lucide-react';
import { api } from '../../core/api.ts';
import { now } from '../../core/clock.ts';
import { addMonths, wall } from '../../core/wall.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Difference } from './Difference.tsx';
import { Listed } from './Listed.tsx';
import { usePages } from './usePages.ts';
import '../../ui/table.css';

export function NeedsCentre({ month }: { month: string | null }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const shown = month ?? wall(now(), me.tz).date.slice(0, 7);
    const pages = usePages(`needs ${shown}`, (cursor, signal) => api.needReturns(shown, cursor, signal));
    const step = (n: number) => { go({ at: 'needs', month: addMonths(shown, n) }); };
    return (
        <OfficePage title={t('intake.need.title')} sub={t('intake.need.sub_centre')} actions={(
            <>
                <IconButton framed icon={ChevronLeft} name={t('common.previous_month')} onPress={() => { step(-1); }} />
                <span className="strong intake-month">{fmt.month(shown)}</span>
                <IconButton framed icon={ChevronRight} name={t('common.next_month')} onPress={() => { step(1); }} />
            </>
        )}>
            <Listed pages={pages} icon={School} empty={t('intake.need.empty')}>
                <div className="card table-wrap">
                    <table className="table cards intake-table">
                        <thead><tr><th>{t('intake.need.school')}</th><th className="num">{t('intake.need.declared')}</th><th className="num">{t('intake.need.received')}</th><th>{t('intake.need.difference')}</th><th>{t('intake.need.state')}</th></tr></thead>
                        <tbody>
                            {pages.items.map((it) => (
                                <tr key={it.school.id}>
                                    <th scope="row">{it.school.name}</th>
                                    <td className="num" data-label={t('intake.need.declared')}>{it.declared ?? t('intake.need.not_yet')}</td>
                                    <td className="num" data-label={t('intake.need.received')}>{it.received}</td>
                                    <td data-label={t('intake.need.difference')}><Difference it={it} /></td>
                                    <td data-label={t('intake.need.state')}><Chip>{t(it.open ? 'intake.need.open' : 'intake.need.closed')}</Chip></td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            </Listed>
        </OfficePage>
    );
}
