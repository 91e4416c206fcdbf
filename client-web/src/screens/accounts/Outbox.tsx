// SPDX-License-Identifier: Apache-2.0
//
// What was sent by mail, what waits, what has failed and why.
import { useState } from 'react';
import { MailCheck } from 'lucide-react';
import { accounts } from '../../core/accounts.ts';
import type { OutboxRow } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import '../../ui/table.css';
import './accounts.css';

const OWN_WHY = ['no_server', 'no_address', 'no_account', 'no_token', 'unreadable'] as const;
const WITH_LINK: readonly string[] = ['invitation', 'password_reset'];

export default function Outbox() {
    const { t } = useI18n();
    const link = useLink();
    const [open, setOpen] = useState(true);
    const { data, error, reload } = useLoad(`outbox ${open}`, (signal) => accounts.outbox(open, signal), 15_000);
    const again = useAction((_key, id: number) => accounts.sendAgain(id), reload);
    return (
        <OfficePage title={t('accounts.outbox.title')} crumb={<a {...link({ at: 'people' })}>{t('accounts.people.title')}</a>}
            actions={<Button onPress={() => { setOpen(!open); }}>{t(open ? 'accounts.outbox.all' : 'accounts.outbox.only_open')}</Button>}>
            {data && !data.mails && <Note tone="warn" role="status"><p>{t('accounts.outbox.off')}</p></Note>}
            {Boolean(again.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, again.error)}</p></Note>}
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data?.items.length === 0 && <div className="card"><Empty icon={MailCheck} sentence={t('accounts.outbox.empty')} /></div>}
            {data && data.items.length > 0 && <MailTable items={data.items} onAgain={(id) => { again.run(id); }} />}
        </OfficePage>
    );
}

function MailTable({ items, onAgain }: { items: OutboxRow[]; onAgain: (id: number) => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const why = (m: OutboxRow): string => {
        const own = OWN_WHY.find((w) => w === m.detail);
        return own ? t(`accounts.why.${own}`) : m.detail;
    };
    return (
        <div className="card table-wrap">
            <table className="table cards">
                <thead><tr><th>{t('accounts.outbox.kind')}</th><th>{t('accounts.outbox.to')}</th><th>{t('accounts.outbox.state')}</th><th>{t('accounts.outbox.when')}</th><th>{t('accounts.outbox.why')}</th><th><span className="spoken">{t('accounts.outbox.again')}</span></th></tr></thead>
                <tbody>
                    {items.map((m) => {
                        const kind = t(`accounts.kind.${m.kind}`);
                        const to = m.to?.name ?? m.address;
                        return (
                            <tr key={m.id}>
                                <th scope="row">{kind}</th>
                                <td data-label={t('accounts.outbox.to')}>{to}</td>
                                <td data-label={t('accounts.outbox.state')}>{t(`accounts.state.${m.state}`)}, {t('accounts.outbox.tries', { n: m.tries })}</td>
                                <td className="time" data-label={t('accounts.outbox.when')}>{fmt.dayTime(m.done ?? m.next ?? m.created, me.tz)}</td>
                                <td data-label={t('accounts.outbox.why')} className={m.detail ? 'wrap' : 'blank'}>{why(m)}</td>
                                <td className={m.state === 'failed' ? undefined : 'blank'}>{m.state === 'failed' && !WITH_LINK.includes(m.kind)
                                    && <Button onPress={() => { onAgain(m.id); }} aria-label={t('accounts.outbox.again_name', { kind, to })}>{t('accounts.outbox.again')}</Button>}</td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}
