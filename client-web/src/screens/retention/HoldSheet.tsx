// SPDX-License-Identifier: Apache-2.0
//
// Forbids emptying what is about one person, with a reason. What was typed stays until it is sent.
import { useState, type FormEvent } from 'react';
import { accounts } from '../../core/accounts.ts';
import { api } from '../../core/api.ts';
import { retention } from '../../core/retention.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';

export interface Held { id: number; name: string }

/** Whom the asker knows: the staff, and for a coordinator the children. */
async function known(children: boolean, signal: AbortSignal): Promise<Held[]> {
    const staff = await accounts.people(undefined, signal);
    const taught = children ? await api.children(undefined, undefined, signal) : { items: [] };
    return [...taught.items.map((c) => ({ id: c.child.id, name: c.child.name })), ...staff.items.map((p) => ({ id: p.id, name: p.name }))];
}

export function HoldSheet({ person, onClose, onDone }: { person: Held | null; onClose: () => void; onDone: () => void }) {
    const { t } = useI18n();
    const me = useMe();
    const { data } = useLoad('retention people', (signal) => (person ? Promise.resolve([person]) : known(me.role === 'coordinator', signal)));
    const [who, setWho] = useState(person ? String(person.id) : '');
    const [reason, setReason] = useState('');
    const [tried, setTried] = useState(false);
    const send = useAction((key) => retention.hold({ user: Number(who), reason: reason.trim() }, key), onDone);
    const submit = (e: FormEvent) => {
        e.preventDefault();
        setTried(true);
        if (who && reason.trim()) send.run();
    };
    return (
        <Sheet open onClose={onClose} title={t('retention.hold')}>
            <form className="retention-card-body" onSubmit={submit} noValidate>
                {Boolean(send.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
                <p>{t('retention.hold.what')}</p>
                <SelectField label={t('retention.who')} value={who} onChange={setWho} problem={tried && !who ? t('retention.hold.who_missing') : null}>
                    {!person && <option value="">{t('retention.hold.choose')}</option>}
                    {(person ? [person] : data ?? []).map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}
                </SelectField>
                <TextField label={t('retention.reason')} value={reason} onChange={setReason} maxLength={200} rows={3} problem={tried && !reason.trim() ? t('retention.hold.reason_missing') : null} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" type="submit" isPending={send.pending}>{t('retention.hold.send')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
