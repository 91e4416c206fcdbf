// SPDX-License-Identifier: Apache-2.0
//
// Whom to tell, and of what. What was typed stays until it is sent.
import { useState, type FormEvent } from 'react';
import type { Webhook, WebhookEvent, WebhookSecret } from '../../core/api.gen.ts';
import { looksLikeHook, webhooks } from '../../core/webhooks.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { fieldFault } from '../../i18n/faults.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Checks } from '../../ui/Checks.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';

/** hook: null - a new one. Changed, it goes on as it stands: on, unless it was paused. */
export function HookSheet({ hook, events, onClose, onMade, onSaved }: {
    hook: Webhook | null; events: WebhookEvent[]; onClose: () => void; onMade: (made: WebhookSecret) => void; onSaved: () => void;
}) {
    const { t } = useI18n();
    const [url, setUrl] = useState(hook?.url ?? 'https://');
    const [chosen, setChosen] = useState<WebhookEvent[]>(hook?.events ?? []);
    const [tried, setTried] = useState(false);
    const body = { url: url.trim(), events: events.filter((e) => chosen.includes(e)) };
    const make = useAction(() => webhooks.make(body), onMade);
    const save = useAction((_key, of: Webhook) => webhooks.change(of, { ...body, state: of.state === 'paused' ? 'paused' : 'on' }), onSaved);
    const error = make.error ?? save.error;
    const said = fieldFault(t, error);
    const wrong = tried && !looksLikeHook(url) ? t('intake.fault.not_https') : said?.field === 'url' ? said.sentence : null;
    const submit = (e: FormEvent) => {
        e.preventDefault();
        setTried(true);
        if (!looksLikeHook(url) || !chosen.length) return;
        if (hook) save.run(hook);
        else make.run();
    };
    return (
        <Sheet open onClose={onClose} title={t(hook ? 'webhooks.edit' : 'webhooks.make')}>
            <form className="hook-form" onSubmit={submit} noValidate>
                {Boolean(error) && said?.field !== 'url' && <Note tone="warn" role="alert"><p>{errorSentence(t, error)}</p></Note>}
                <TextField label={t('webhooks.url')} value={url} onChange={(text) => { setUrl(text); make.clear(); save.clear(); }} maxLength={500} autoCapitalize="none"
                    hint={t('webhooks.url_hint')} problem={wrong} />
                <Checks<WebhookEvent> label={t('webhooks.events')} value={chosen} onChange={setChosen} problem={tried && !chosen.length ? t('webhooks.events_missing') : null}
                    options={events.map((e) => ({ value: e, label: t(`webhooks.event.${e}`) }))} />
                <p className="quiet">{t('webhooks.no_names')}</p>
                <Button look="main" type="submit" isPending={make.pending || save.pending}>{t(hook ? 'webhooks.save' : 'webhooks.make_now')}</Button>
            </form>
        </Sheet>
    );
}
