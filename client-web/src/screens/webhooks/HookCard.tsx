// SPDX-License-Identifier: Apache-2.0
//
// One receiver: how it stands, what it is told, and what can be done with it. Removing is asked twice.
import { useState } from 'react';
import { CircleCheck, CirclePause, CircleX, TriangleAlert } from 'lucide-react';
import type { Webhook, WebhookSecret } from '../../core/api.gen.ts';
import { hostOf, inState, webhooks } from '../../core/webhooks.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';

export function HookCard({ hook, offAfter, onEdit, onSecret, onChange }: {
    hook: Webhook; offAfter: number; onEdit: () => void; onSecret: (made: WebhookSecret) => void; onChange: () => void;
}) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const link = useLink();
    const [sure, setSure] = useState<'secret' | 'remove' | null>(null);
    const name = hostOf(hook.url);
    const turn = useAction(() => webhooks.change(hook, inState(hook, hook.state === 'on' ? 'paused' : 'on')), onChange);
    const renew = useAction(() => webhooks.renew(hook.id), (made) => { setSure(null); onSecret(made); });
    const remove = useAction(() => webhooks.remove(hook.id), () => { setSure(null); onChange(); });
    const close = () => { setSure(null); renew.clear(); remove.clear(); };
    const failed = renew.error ?? remove.error;
    const since = hook.failing_since ? fmt.dayTime(hook.failing_since, me.tz) : '';
    return (
        <section className="card hook" aria-labelledby={`hook-${hook.id}`}>
            <div className="hook-head">
                <h2 id={`hook-${hook.id}`}>{hook.url}</h2>
                <State hook={hook} />
            </div>
            {Boolean(turn.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, turn.error)}</p></Note>}
            {hook.state === 'off' && <Note tone="bad"><p>{since ? t('webhooks.off', { since }) : t('webhooks.off_gone')}</p></Note>}
            {hook.state !== 'off' && since && <Note tone="warn"><p>{t('webhooks.failing', { since, n: hook.fails, days: offAfter })}</p></Note>}
            <ul className="hook-events">{hook.events.map((e) => <li key={e}>{t(`webhooks.event.${e}`)}</li>)}</ul>
            <p className="quiet">{t('webhooks.counts', { waiting: hook.waiting, failed: hook.failed })}
                {hook.old_secret_until && <> {t('webhooks.old_secret', { until: fmt.dayTime(hook.old_secret_until, me.tz) })}</>}</p>
            <div className="hook-row">
                <a className="button plain" {...link({ at: 'webhook', id: hook.id })} aria-label={t('webhooks.log_name', { name })}>{t('webhooks.log')}</a>
                <Button onPress={() => { turn.run(); }} isPending={turn.pending}
                    aria-label={t(hook.state === 'on' ? 'webhooks.pause_name' : 'webhooks.on_name', { name })}>{t(hook.state === 'on' ? 'webhooks.pause' : 'webhooks.on')}</Button>
                <Button onPress={onEdit} aria-label={t('webhooks.edit_name', { name })}>{t('webhooks.edit')}</Button>
                <Button onPress={() => { setSure('secret'); }} aria-label={t('webhooks.renew_name', { name })}>{t('webhooks.renew')}</Button>
                <Button onPress={() => { setSure('remove'); }} aria-label={t('webhooks.remove_name', { name })}>{t('webhooks.remove')}</Button>
            </div>
            <Sheet open={sure !== null} onClose={close} title={t(sure === 'remove' ? 'webhooks.remove_name' : 'webhooks.renew_name', { name })}>
                <div className="hook-form">
                    {Boolean(failed) && <Note tone="warn" role="alert"><p>{errorSentence(t, failed)}</p></Note>}
                    <p>{t(sure === 'remove' ? 'webhooks.remove_sure' : 'webhooks.renew_sure')}</p>
                    {sure === 'remove'
                        ? <Button look="main" isPending={remove.pending} onPress={() => { remove.run(); }}>{t('webhooks.remove')}</Button>
                        : <Button look="main" isPending={renew.pending} onPress={() => { renew.run(); }}>{t('webhooks.renew')}</Button>}
                </div>
            </Sheet>
        </section>
    );
}

function State({ hook }: { hook: Webhook }) {
    const { t } = useI18n();
    if (hook.state === 'off') return <Chip tone="bad" icon={CircleX}>{t('webhooks.state.off')}</Chip>;
    if (hook.state === 'paused') return <Chip icon={CirclePause}>{t('webhooks.state.paused')}</Chip>;
    return hook.fails > 0 ? <Chip tone="warn" icon={TriangleAlert}>{t('webhooks.state.failing')}</Chip>
        : <Chip tone="ok" icon={CircleCheck}>{t('webhooks.state.on')}</Chip>;
}
