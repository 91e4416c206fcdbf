// SPDX-License-Identifier: Apache-2.0
//
// The secret, this once.
import { useState } from 'react';
import { Copy } from 'lucide-react';
import type { WebhookSecret } from '../../core/api.gen.ts';
import { hostOf } from '../../core/webhooks.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';

export function SecretSheet({ made, onClose }: { made: WebhookSecret; onClose: () => void }) {
    const { t } = useI18n();
    const [copied, setCopied] = useState(false);
    const copy = () => { navigator.clipboard.writeText(made.secret).then(() => { setCopied(true); }, () => undefined); };
    return (
        <Sheet open onClose={onClose} title={t('webhooks.secret.title', { name: hostOf(made.webhook.url) })}>
            <div className="hook-form">
                <Note tone="warn"><p>{t('webhooks.secret.once')}</p></Note>
                <TextField label={t('webhooks.secret.label')} value={made.secret} onChange={() => undefined} hint={t('webhooks.secret.hint')} />
                <Button icon={Copy} onPress={copy}>{t(copied ? 'webhooks.secret.copied' : 'webhooks.secret.copy')}</Button>
                <Button look="main" onPress={onClose}>{t('webhooks.secret.done')}</Button>
            </div>
        </Sheet>
    );
}
