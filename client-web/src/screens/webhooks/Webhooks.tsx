// SPDX-License-Identifier: Apache-2.0
//
// The other programs that the centre has told of what happens: making one, its secret once, pausing,
// and what became of what was sent.
import { useState } from 'react';
import { Plus, Webhook as Icon } from 'lucide-react';
import type { Webhook, WebhookSecret } from '../../core/api.gen.ts';
import { webhooks } from '../../core/webhooks.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { HookCard } from './HookCard.tsx';
import { HookSheet } from './HookSheet.tsx';
import { SecretSheet } from './SecretSheet.tsx';
import './webhooks.css';

export default function Webhooks() {
    const { t } = useI18n();
    const link = useLink();
    const { data, error, reload } = useLoad('webhooks', webhooks.list, 15_000);
    const [edited, setEdited] = useState<Webhook | 'new' | null>(null);
    const [shown, setShown] = useState<WebhookSecret | null>(null);
    const show = (secret: WebhookSecret) => { setEdited(null); setShown(secret); reload(); };
    const full = data && data.items.length >= data.most ? t('error.gate.webhooks_full') : null;
    return (
        <OfficePage title={t('webhooks.title')} sub={t('webhooks.sub')} crumb={<a {...link({ at: 'people' })}>{t('accounts.people.title')}</a>}
            actions={<Button look="main" icon={Plus} blocked={full} onPress={() => { setEdited('new'); }}>{t('webhooks.make')}</Button>}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={4} onRetry={reload} />)}
            {data?.items.length === 0 && <div className="card"><Empty icon={Icon} sentence={t('webhooks.empty')} /></div>}
            {data && (
                <div className="hooks">
                    {data.items.map((hook) => (
                        <HookCard key={hook.id} hook={hook} offAfter={data.off_after_days} onEdit={() => { setEdited(hook); }} onSecret={show} onChange={reload} />
                    ))}
                </div>
            )}
            {data && edited && <HookSheet hook={edited === 'new' ? null : edited} events={data.events} onClose={() => { setEdited(null); }}
                onMade={show} onSaved={() => { setEdited(null); reload(); }} />}
            {shown && <SecretSheet made={shown} onClose={() => { setShown(null); }} />}
        </OfficePage>
    );
}
