// SPDX-License-Identifier: Apache-2.0
//
// What was sent to one receiver, newest first: its answer, its time, and sending it again by hand.
import { useState } from 'react';
import { MailCheck } from 'lucide-react';
import type { WebhookDelivery } from '../../core/api.gen.ts';
import { webhooks } from '../../core/webhooks.ts';
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
import './webhooks.css';

export default function HookLog({ id }: { id: number }) {
    const { t } = useI18n();
    const link = useLink();
    const [failed, setFailed] = useState(false);
    const [from, setFrom] = useState<string[]>([]);
    const cursor = from.at(-1);
    const { data, error, reload } = useLoad(`webhook ${id} ${failed} ${cursor ?? ''}`, (signal) => webhooks.deliveries(id, failed, cursor, signal), 15_000);
    const again = useAction((_key, delivery: number) => webhooks.again(delivery), reload);
    return (
        <OfficePage title={t('webhooks.log')} sub={data?.webhook.url} crumb={<a {...link({ at: 'webhooks' })}>{t('webhooks.title')}</a>}
            actions={<Button onPress={() => { setFailed(!failed); setFrom([]); }}>{t(failed ? 'webhooks.log_all' : 'webhooks.log_failed')}</Button>}>
            {Boolean(again.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, again.error)}</p></Note>}
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data?.items.length === 0 && <div className="card"><Empty icon={MailCheck} sentence={t(failed ? 'webhooks.log_none_failed' : 'webhooks.log_empty')} /></div>}
            {data && data.items.length > 0 && <Messages items={data.items} onAgain={(delivery) => { again.run(delivery); }} />}
            {data && (from.length > 0 || data.next) && (
                <div className="hook-row">
                    {from.length > 0 && <Button onPress={() => { setFrom(from.slice(0, -1)); }}>{t('webhooks.newer')}</Button>}
                    {data.next && <Button onPress={() => { setFrom([...from, data.next ?? '']); }}>{t('webhooks.older')}</Button>}
                </div>
            )}
        </OfficePage>
    );
}

function Messages({ items, onAgain }: { items: WebhookDelivery[]; onAgain: (id: number) => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const came = (m: WebhookDelivery): string => (m.why ? t(`webhooks.why.${m.why}`, { code: m.code }) : m.code ? t('webhooks.code', { code: m.code }) : '');
    return (
        <div className="card table-wrap">
            <table className="table cards">
                <thead><tr><th>{t('webhooks.what')}</th><th>{t('webhooks.message')}</th><th>{t('webhooks.stands')}</th><th>{t('webhooks.when')}</th><th>{t('webhooks.answer')}</th><th><span className="spoken">{t('webhooks.again')}</span></th></tr></thead>
                <tbody>
                    {items.map((m) => {
                        const event = t(`webhooks.event.${m.event}`);
                        const ended = m.state === 'sent' || m.state === 'failed';
                        return (
                            <tr key={m.id}>
                                <th scope="row">{event}</th>
                                <td data-label={t('webhooks.message')}><code>{m.message}</code></td>
                                <td data-label={t('webhooks.stands')}>{t(`webhooks.message_state.${m.state}`)}, {t('webhooks.tries', { n: m.tries })}</td>
                                <td className="time" data-label={t('webhooks.when')}>{fmt.dayTime(m.done ?? m.next ?? m.tried ?? m.created, me.tz)}</td>
                                <td data-label={t('webhooks.answer')} className={came(m) ? 'wrap' : 'blank'}>{came(m)}{m.tried !== null && m.took_ms > 0 && <> <span className="quiet">{t('webhooks.took', { ms: m.took_ms })}</span></>}</td>
                                <td className={ended ? undefined : 'blank'}>{ended
                                    && <Button onPress={() => { onAgain(m.id); }} aria-label={t('webhooks.again_name', { event, message: m.message })}>{t('webhooks.again')}</Button>}</td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}
