// SPDX-License-Identifier: Apache-2.0
//
// The exception by which a child may come: who, and why. The family decides.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Event } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import type { Versioned } from './EventPage.tsx';

export function ChildSheet({ event: e, onClose, onDone }: { event: Event; onClose: () => void; onDone: (v: Versioned) => void }) {
    const { t } = useI18n();
    const [find, setFind] = useState('');
    const [child, setChild] = useState('');
    const [reason, setReason] = useState('');
    const [tried, setTried] = useState(false);
    const { data, error, reload } = useLoad(`event-children ${find}`, (signal) => api.children(find.trim() || undefined, undefined, signal));
    const send = useAction((key) => api.inviteChildToEvent(e.id, { child: Number(child), reason: reason.trim() }, key), onDone);
    const need = (value: string) => (tried && !value.trim() ? t('events.form_need') : null);
    return (
        <Sheet open onClose={onClose} title={t('events.invite_child')}>
            <form className="form" noValidate onSubmit={(f) => { f.preventDefault(); setTried(true); if (child && reason.trim()) send.run(); }}>
                <p>{t('events.invite_child_text')}</p>
                {send.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
                {error !== null && <Failed sentence={errorSentence(t, error)} onRetry={reload} />}
                <TextField label={t('events.find')} type="search" value={find} onChange={setFind} />
                <SelectField label={t('events.invite_child_who')} value={child} onChange={setChild} problem={need(child)}>
                    <option value="">{t('events.form_choose')}</option>
                    {data?.items.map((c) => <option key={c.child.id} value={c.child.id}>{c.child.name}</option>)}
                </SelectField>
                <TextField label={t('events.invite_child_why')} value={reason} onChange={setReason} maxBytes={400} problem={need(reason)} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" type="submit" isPending={send.pending}>{t('events.invite_child_send')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
