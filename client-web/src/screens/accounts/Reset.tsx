// SPDX-License-Identifier: Apache-2.0
//
// A lost password: asking for the link, and choosing a new one by it. Nobody learns here which
// addresses are known.
import { useState, type FormEvent } from 'react';
import { LogIn } from 'lucide-react';
import { accounts, looksLikeAddress, passwordLongEnough } from '../../core/accounts.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { SignInPage } from '../signin/SignInPage.tsx';

export default function Reset({ token }: { token: string | null }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const [problem, setProblem] = useState(false);
    return (
        <SignInPage title={t('accounts.reset.title')} problem={problem}
            other={<Button wide icon={LogIn} onPress={() => { go({ at: 'adult' }, { replace: true }); }}>{t('accounts.back_to_signin')}</Button>}>
            {() => (token ? <Choose token={token} onProblem={setProblem} /> : <Ask onProblem={setProblem} />)}
        </SignInPage>
    );
}

function Ask({ onProblem }: { onProblem: (is: boolean) => void }) {
    const { t } = useI18n();
    const [address, setAddress] = useState('');
    const [wrong, setWrong] = useState(false);
    const [sent, setSent] = useState(false);
    const ask = useAction(() => accounts.askReset(address.trim()), () => { setSent(true); });
    const submit = (e: FormEvent) => {
        e.preventDefault();
        setWrong(!looksLikeAddress(address));
        onProblem(!looksLikeAddress(address));
        if (looksLikeAddress(address)) ask.run();
    };
    if (sent) return <Note tone="ok" role="status"><p>{t('accounts.reset.sent')}</p></Note>;
    return (
        <>
            <p className="quiet">{t('accounts.reset.intro')}</p>
            <form className="signin-form" onSubmit={submit} noValidate>
                {Boolean(ask.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, ask.error)}</p></Note>}
                <TextField label={t('accounts.address')} value={address} onChange={setAddress} autoComplete="email" autoCapitalize="none" problem={wrong ? t('accounts.address_wrong') : null} />
                <Button look="main" big wide type="submit" isPending={ask.pending}>{t('accounts.reset.ask')}</Button>
            </form>
        </>
    );
}

function Choose({ token, onProblem }: { token: string; onProblem: (is: boolean) => void }) {
    const { t } = useI18n();
    const [password, setPassword] = useState('');
    const [short, setShort] = useState(false);
    const [done, setDone] = useState(false);
    const save = useAction(() => accounts.useReset({ token, password }), () => { setDone(true); });
    const submit = (e: FormEvent) => {
        e.preventDefault();
        setShort(!passwordLongEnough(password));
        onProblem(!passwordLongEnough(password));
        if (passwordLongEnough(password)) save.run();
    };
    if (done) return <Note tone="ok" role="status"><p>{t('accounts.reset.done')}</p></Note>;
    return (
        <>
            <p className="quiet">{t('accounts.reset.choose')}</p>
            <form className="signin-form" onSubmit={submit} noValidate>
                {Boolean(save.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, save.error)}</p></Note>}
                <TextField label={t('accounts.new_password')} type="password" value={password} onChange={setPassword} autoComplete="new-password"
                    hint={t('accounts.password_hint')} problem={short ? t('accounts.password_short') : null} />
                <Button look="main" big wide type="submit" isPending={save.pending}>{t('accounts.reset.save')}</Button>
            </form>
        </>
    );
}
