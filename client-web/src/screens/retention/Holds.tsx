// SPDX-License-Identifier: Apache-2.0
//
// Whose data may not be emptied, why, and since when.
import { ShieldCheck } from 'lucide-react';
import type { RetentionHold } from '../../core/api.gen.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';

export function Holds({ items, onLift }: { items: RetentionHold[]; onLift: (id: number) => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    return (
        <section aria-labelledby="retention-holds" className="retention-holds">
            <h2 id="retention-holds">{t('retention.holds')}</h2>
            {items.length === 0 && <div className="card"><Empty icon={ShieldCheck} sentence={t('retention.holds.empty')} /></div>}
            {items.length > 0 && (
                <div className="card table-wrap">
                    <table className="table cards">
                        <thead><tr><th>{t('retention.who')}</th><th>{t('retention.reason')}</th><th>{t('retention.by')}</th><th>{t('retention.from')}</th><th><span className="spoken">{t('retention.lift')}</span></th></tr></thead>
                        <tbody>
                            {items.map((h) => {
                                const name = h.person?.name ?? t('retention.person', { n: h.user });
                                return (
                                    <tr key={h.id}>
                                        <th scope="row">{name}</th>
                                        <td data-label={t('retention.reason')} className="wrap">{h.reason}</td>
                                        <td data-label={t('retention.by')}>{h.by.name}</td>
                                        <td data-label={t('retention.from')} className="time">{fmt.dayMonthYear(h.since, me.tz)}</td>
                                        <td><Button onPress={() => { onLift(h.id); }} aria-label={t('retention.lift_name', { name })}>{t('retention.lift')}</Button></td>
                                    </tr>
                                );
                            })}
                        </tbody>
                    </table>
                </div>
            )}
        </section>
    );
}
