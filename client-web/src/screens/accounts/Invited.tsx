// SPDX-License-Identifier: Apache-2.0
//
// Who has been invited and has not come yet.
import { accounts } from '../../core/accounts.ts';
import type { Invitation } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import '../../ui/table.css';
import './accounts.css';

export function Invited({ items, onChange }: { items: Invitation[]; onChange: () => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const withdraw = useAction((_key, id: number) => accounts.withdraw(id), onChange);
    return (
        <section className="card account-card">
            <h2>{t('accounts.invited.title')}</h2>
            {Boolean(withdraw.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, withdraw.error)}</p></Note>}
            <div className="table-wrap">
                <table className="table cards">
                    <thead><tr><th>{t('accounts.people.name')}</th><th>{t('accounts.people.roles')}</th><th>{t('accounts.people.address')}</th><th>{t('accounts.invited.until')}</th><th><span className="spoken">{t('accounts.invited.withdraw')}</span></th></tr></thead>
                    <tbody>
                        {items.map((i) => (
                            <tr key={i.id}>
                                <th scope="row">{i.name}</th>
                                <td data-label={t('accounts.people.roles')}>{t(`role.${i.role}`)}</td>
                                <td data-label={t('accounts.people.address')}>{i.address}</td>
                                <td className="time" data-label={t('accounts.invited.until')}>{i.expired ? t('accounts.invited.expired') : fmt.dayTime(i.expires, me.tz)}</td>
                                <td><Button onPress={() => { withdraw.run(i.id); }} aria-label={t('accounts.invited.withdraw_name', { name: i.name })}>{t('accounts.invited.withdraw')}</Button></td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </section>
    );
}
