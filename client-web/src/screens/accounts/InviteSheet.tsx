// SPDX-License-Identifier: Apache-2.0
//
// Inviting one of the staff by mail. What was typed stays until it is sent.
import { useState, type FormEvent } from 'react';
import { accounts, looksLikeAddress } from '../../core/accounts.ts';
import { api } from '../../core/api.ts';
import type { InvitationNew, Locale, School } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import './accounts.css';

type StaffRole = InvitationNew['role'];

/** The schools that children of the centre are registered at. */
async function schools(signal: AbortSignal): Promise<School[]> {
    const { items } = await api.children(undefined, undefined, signal);
    return [...new Map(items.map((c) => [c.school.id, c.school])).values()];
}

export function InviteSheet({ onClose, onSent }: { onClose: () => void; onSent: () => void }) {
    const { t } = useI18n();
    const me = useMe();
    const known = useLoad('schools', me.role === 'coordinator' ? schools : () => Promise.resolve<School[]>([]));
    const [name, setName] = useState('');
    const [address, setAddress] = useState('');
    const [role, setRole] = useState<StaffRole>('mentor');
    const [school, setSchool] = useState('');
    const [locale, setLocale] = useState<Locale>(me.locale);
    const [tried, setTried] = useState(false);
    const wrong = {
        name: !name.trim(), address: !looksLikeAddress(address), school: role === 'school_officer' && !school,
    };
    const roles: StaffRole[] = ['mentor', 'coordinator', ...(known.data?.length ? ['school_officer' as const] : []), ...(me.role === 'admin' ? ['admin' as const] : [])];
    const send = useAction((key) => accounts.invite({
        name: name.trim(), address: address.trim(), role, locale, ...(role === 'school_officer' ? { school: Number(school) } : {}),
    }, key), onSent);
    const submit = (e: FormEvent) => {
        e.preventDefault();
        setTried(true);
        if (!wrong.name && !wrong.address && !wrong.school) send.run();
    };
    return (
        <Sheet open onClose={onClose} title={t('accounts.inviting.title')}>
            <form className="account-form" onSubmit={submit} noValidate>
                {Boolean(send.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
                <TextField label={t('accounts.inviting.name')} value={name} onChange={setName} maxLength={80} problem={tried && wrong.name ? t('accounts.inviting.name_missing') : null} />
                <TextField label={t('accounts.address')} value={address} onChange={setAddress} autoCapitalize="none" problem={tried && wrong.address ? t('accounts.address_wrong') : null} />
                <SelectField label={t('accounts.inviting.role')} value={role} onChange={(v) => { setRole(v as StaffRole); }}>
                    {roles.map((r) => <option key={r} value={r}>{t(`role.${r}`)}</option>)}
                </SelectField>
                {role === 'school_officer' && (
                    <SelectField label={t('accounts.inviting.school')} value={school} onChange={setSchool} problem={tried && wrong.school ? t('accounts.inviting.school_missing') : null}>
                        <option value="">{t('accounts.inviting.choose')}</option>
                        {known.data?.map((s) => <option key={s.id} value={s.id}>{s.name}</option>)}
                    </SelectField>
                )}
                <Choice<Locale> label={t('accounts.inviting.locale')} value={locale} onChange={setLocale}
                    options={[{ value: 'ru', label: 'Русский', lang: 'ru' }, { value: 'en', label: 'English', lang: 'en' }]} />
                <Button look="main" type="submit" isPending={send.pending}>{t('accounts.inviting.send')}</Button>
            </form>
        </Sheet>
    );
}
