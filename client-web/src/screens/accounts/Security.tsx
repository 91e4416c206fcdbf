// SPDX-License-Identifier: Apache-2.0
//
// One's own way in: password, mail address, second step, devices. Nothing of it is lost by an error.
import { useState, type FormEvent } from 'react';
import { accounts, looksLikeAddress, passwordLongEnough } from '../../core/accounts.ts';
import type { MailAddress } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Devices } from './Devices.tsx';
import { SecondStep } from './SecondStep.tsx';
import './accounts.css';

export default function Security() {
    const { t } = useI18n();
    const address = useLoad('address', accounts.address);
    const second = useLoad('second', accounts.second);
    const error = address.error ?? second.error;
    const retry = () => { address.reload(); second.reload(); };
    return (
        <OfficePage title={t('accounts.security.title')}>
            {address.data && second.data ? (
                <div className="account-cards">
                    <SecondStep state={second.data} onChange={second.reload} />
                    <Password has={address.data.password} onChange={address.reload} />
                    <Address known={address.data} onChange={address.reload} />
                    <Devices />
                </div>
            ) : error ? <Failed sentence={errorSentence(t, error)} onRetry={retry} /> : <Loading rows={6} onRetry={retry} />}
        </OfficePage>
    );
}

function Password({ has, onChange }: { has: boolean; onChange: () => void }) {
    const { t } = useI18n();
    const [old, setOld] = useState('');
    const [fresh, setFresh] = useState('');
    const [short, setShort] = useState(false);
    const [done, setDone] = useState(false);
    const save = useAction(() => accounts.setPassword({ new: fresh, ...(has ? { old } : {}) }),
        () => { setOld(''); setFresh(''); setDone(true); onChange(); });
    const submit = (e: FormEvent) => {
        e.preventDefault();
        setDone(false);
        setShort(!passwordLongEnough(fresh));
        if (passwordLongEnough(fresh)) save.run();
    };
    return (
        <section className="card account-card">
            <h2>{t('accounts.security.password')}</h2>
            {done && <Note tone="ok" role="status"><p>{t('accounts.security.changed')}</p></Note>}
            {Boolean(save.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, save.error)}</p></Note>}
            <form className="account-form" onSubmit={submit} noValidate>
                {has && <TextField label={t('accounts.security.old')} type="password" value={old} onChange={setOld} autoComplete="current-password" />}
                <TextField label={t('accounts.new_password')} type="password" value={fresh} onChange={setFresh} autoComplete="new-password"
                    hint={t('accounts.password_hint')} problem={short ? t('accounts.password_short') : null} />
                <Button type="submit" isPending={save.pending}>{t('accounts.security.change')}</Button>
            </form>
        </section>
    );
}

function Address({ known, onChange }: { known: MailAddress; onChange: () => void }) {
    const { t } = useI18n();
    const [address, setAddress] = useState(known.address);
    const [old, setOld] = useState('');
    const [wrong, setWrong] = useState(false);
    const [done, setDone] = useState(false);
    const save = useAction(() => accounts.setAddress({ address: address.trim(), ...(known.password ? { old } : {}) }),
        () => { setOld(''); setDone(true); onChange(); });
    const submit = (e: FormEvent) => {
        e.preventDefault();
        setDone(false);
        setWrong(!looksLikeAddress(address));
        if (looksLikeAddress(address)) save.run();
    };
    return (
        <section className="card account-card">
            <h2>{t('accounts.security.mail')}</h2>
            <p className="quiet">{t(known.address ? 'accounts.security.mail_intro' : 'accounts.security.mail_none')}</p>
            {done && <Note tone="ok" role="status"><p>{t('accounts.security.mail_saved')}</p></Note>}
            {Boolean(save.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, save.error)}</p></Note>}
            <form className="account-form" onSubmit={submit} noValidate>
                <TextField label={t('accounts.address')} value={address} onChange={setAddress} autoComplete="email" autoCapitalize="none"
                    problem={wrong ? t('accounts.address_wrong') : null} />
                {known.password && <TextField label={t('accounts.security.old')} type="password" value={old} onChange={setOld} autoComplete="current-password" />}
                <Button type="submit" isPending={save.pending}>{t('accounts.security.mail_save')}</Button>
            </form>
        </section>
    );
}
