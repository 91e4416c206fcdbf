// SPDX-License-Identifier: Apache-2.0
//
// The staff of the centre: who they are, whether their way in is safe; inviting and managing.
import { useState } from 'react';
import { UserPlus, Users } from 'lucide-react';
import { accounts } from '../../core/accounts.ts';
import type { StaffPerson } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Invited } from './Invited.tsx';
import { InviteSheet } from './InviteSheet.tsx';
import { ManageSheet } from './ManageSheet.tsx';
import '../../ui/table.css';
import './accounts.css';

export default function People() {
    const { t } = useI18n();
    const link = useLink();
    const me = useMe();
    const people = useLoad('people', allPeople);
    const invited = useLoad('invitations', accounts.invitations);
    const [inviting, setInviting] = useState(false);
    const [managed, setManaged] = useState<StaffPerson | null>(null);
    const error = people.error ?? invited.error;
    const reload = () => { people.reload(); invited.reload(); };
    return (
        <OfficePage title={t('accounts.people.title')}
            actions={<>{me.role === 'admin' && <a className="row-link" {...link({ at: 'webhooks' })}>{t('webhooks.open')}</a>}<a className="row-link" {...link({ at: 'retention' })}>{t('retention.open')}</a><a className="row-link" {...link({ at: 'outbox' })}>{t('accounts.outbox.open')}</a><Button look="main" icon={UserPlus} onPress={() => { setInviting(true); }}>{t('accounts.people.invite')}</Button></>}>
            {(!people.data || !invited.data) && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            <div className="account-cards">
                {people.data?.length === 0 && <div className="card"><Empty icon={Users} sentence={t('accounts.people.empty')} /></div>}
                {people.data && people.data.length > 0 && <PeopleTable items={people.data} onManage={setManaged} />}
                {invited.data && invited.data.items.length > 0 && <Invited items={invited.data.items} onChange={invited.reload} />}
            </div>
            {inviting && <InviteSheet onClose={() => { setInviting(false); }} onSent={() => { setInviting(false); invited.reload(); }} />}
            {managed && <ManageSheet person={managed} onClose={() => { setManaged(null); }} onChange={people.reload} />}
        </OfficePage>
    );
}

/** Every page of the list: a centre has some hundred people, not thousands. */
async function allPeople(signal: AbortSignal): Promise<StaffPerson[]> {
    const items: StaffPerson[] = [];
    let cursor: string | undefined;
    do {
        const page = await accounts.people(cursor, signal);
        items.push(...page.items);
        cursor = page.next ?? undefined;
    } while (cursor);
    return items;
}

function PeopleTable({ items, onManage }: { items: StaffPerson[]; onManage: (person: StaffPerson) => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    return (
        <div className="card table-wrap">
            <table className="table cards">
                <thead><tr><th>{t('accounts.people.name')}</th><th>{t('accounts.people.roles')}</th><th>{t('accounts.people.address')}</th><th>{t('accounts.people.second')}</th><th>{t('accounts.people.seen')}</th><th><span className="spoken">{t('accounts.people.do')}</span></th></tr></thead>
                <tbody>
                    {items.map((p) => (
                        <tr key={p.id}>
                            <th scope="row">{p.name}{p.status !== 'active' && <> <span className="quiet">({t(`accounts.people.${p.status}`)})</span></>}</th>
                            <td data-label={t('accounts.people.roles')}>{fmt.list(p.roles.map((role) => t(`role.${role}`)))}</td>
                            <td data-label={t('accounts.people.address')} className={p.address ? undefined : 'blank'}>{p.address}</td>
                            <td data-label={t('accounts.people.second')}>{t(p.second ? 'accounts.people.second_on' : 'accounts.people.second_off')}</td>
                            <td className="time" data-label={t('accounts.people.seen')}>{p.seen ? fmt.dayTime(p.seen, me.tz) : t('accounts.people.never')}</td>
                            <td>{p.id !== me.id && p.status !== 'ended' && (!p.roles.includes('admin') || me.role === 'admin')
                                && <Button onPress={() => { onManage(p); }} aria-label={t('accounts.people.manage', { name: p.name })}>{t('accounts.people.do')}</Button>}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
