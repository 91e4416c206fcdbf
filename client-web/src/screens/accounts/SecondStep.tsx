// SPDX-License-Identifier: Apache-2.0
//
// The second step of signing in: set up with an authenticator, renewed, turned off.
import { useState, type FormEvent } from 'react';
import { accounts } from '../../core/accounts.ts';
import type { SecondSecret, SecondStep as State } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Codes } from './Codes.tsx';
import { Qr } from './Qr.tsx';
import './accounts.css';

export function SecondStep({ state, onChange }: { state: State; onChange: () => void }) {
    const [codes, setCodes] = useState<string[] | null>(null);
    if (codes) return <Codes codes={codes} onKept={() => { setCodes(null); onChange(); }} />;
    return state.active ? <Active state={state} onCodes={setCodes} onChange={onChange} /> : <SetUp owed={state.owed} onCodes={setCodes} />;
}

function SetUp({ owed, onCodes }: { owed: boolean; onCodes: (codes: string[]) => void }) {
    const { t } = useI18n();
    const [secret, setSecret] = useState<SecondSecret | null>(null);
    const [code, setCode] = useState('');
    const begin = useAction(accounts.beginSecond, setSecret);
    const confirm = useAction((_key, typed: string) => accounts.confirmSecond(typed), (said) => { onCodes(said.recovery); });
    const submit = (e: FormEvent) => { e.preventDefault(); confirm.run(code.trim()); };
    const error = begin.error ?? confirm.error;
    return (
        <section className="card account-card">
            <h2>{t('accounts.second.title')}</h2>
            <p>{t(owed ? 'accounts.second.owed' : 'accounts.second.off')}</p>
            {Boolean(error) && <Note tone="warn" role="alert"><p>{errorSentence(t, error)}</p></Note>}
            {!secret ? <div><Button look="main" onPress={() => { begin.run(); }} isPending={begin.pending}>{t('accounts.second.begin')}</Button></div> : (
                <form className="account-form" onSubmit={submit} noValidate>
                    <p>{t('accounts.second.scan')}</p>
                    <Qr rows={secret.qr} name={t('accounts.second.picture')} />
                    <p>{t('accounts.second.type')} <span className="account-key">{secret.secret}</span></p>
                    <p>{t('accounts.second.confirm')}</p>
                    <TextField label={t('accounts.code')} value={code} onChange={setCode} inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
                    <Button look="main" type="submit" isPending={confirm.pending}>{t('accounts.second.turn_on')}</Button>
                </form>
            )}
        </section>
    );
}

function Active({ state, onCodes, onChange }: { state: State; onCodes: (codes: string[]) => void; onChange: () => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const [code, setCode] = useState('');
    const renew = useAction((_key, typed: string) => accounts.renewCodes(typed), (said) => { setCode(''); onCodes(said.recovery); });
    const end = useAction((_key, typed: string) => accounts.endSecond(typed), () => { setCode(''); onChange(); });
    const error = renew.error ?? end.error;
    const day = state.since ? fmt.dayTime(state.since, me.tz) : '';
    return (
        <section className="card account-card">
            <h2>{t('accounts.second.title')}</h2>
            <p>{t('accounts.second.on', { day, left: state.recovery_left })}</p>
            {Boolean(error) && <Note tone="warn" role="alert"><p>{errorSentence(t, error)}</p></Note>}
            <div className="account-form">
                <TextField label={t('accounts.code')} hint={t('accounts.code_hint')} value={code} onChange={setCode} autoComplete="one-time-code" maxLength={32} />
            </div>
            <div className="account-row">
                <Button onPress={() => { end.clear(); renew.run(code.trim()); }} isPending={renew.pending}>{t('accounts.second.renew')}</Button>
                <Button look="danger" onPress={() => { renew.clear(); end.run(code.trim()); }} isPending={end.pending}>{t('accounts.second.end')}</Button>
            </div>
        </section>
    );
}
