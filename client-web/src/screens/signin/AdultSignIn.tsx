// SPDX-License-Identifier: Apache-2.0
//
// Adults sign in with login and password. The sentence about a failure gets the focus.
import { useRef, useState, type FormEvent } from 'react';
import { Hash } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useSession } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { SignInPage } from './SignInPage.tsx';

export default function AdultSignIn() {
    const { t } = useI18n();
    const { go } = useRouter();
    const { signedIn } = useSession();
    const [login, setLogin] = useState('');
    const [password, setPassword] = useState('');
    const [code, setCode] = useState<string | null>(null); // null: not asked for
    const [problem, setProblem] = useState<string | null>(null);
    const [pending, setPending] = useState(false);
    const summary = useRef<HTMLDivElement>(null);

    const fail = (sentence: string) => {
        setProblem(sentence);
        requestAnimationFrame(() => { summary.current?.focus(); });
    };
    const submit = async (e: FormEvent, phone: string) => {
        e.preventDefault();
        if (!login.trim() || !password) { fail(t('signin.fill_both')); return; }
        setPending(true);
        try {
            const me = await api.signIn({ login: login.trim(), password, ...(code ? { second: code.trim() } : {}) });
            go({ at: 'home' }, { replace: true });
            signedIn(me);
        } catch (error) {
            const refused = error instanceof Refused ? error.error.code : null;
            if (refused === 'need_code') { setCode(''); fail(t('accounts.code_needed')); return; }
            fail(refused === 'bad_sign_in' ? t('signin.bad_password')
                : refused === 'account_ended' ? t('signin.account_ended', { phone }) : errorSentence(t, error));
        } finally {
            setPending(false);
        }
    };
    return (
        <SignInPage title={t('signin.adult_title')} problem={problem !== null}
            other={<Button wide icon={Hash} onPress={() => { go({ at: 'home' }); }}>{t('signin.child')}</Button>}>
            {(phone) => (
                <>
                    <p className="quiet">{t('signin.adult_intro')}</p>
                    <form className="signin-form" onSubmit={(e) => void submit(e, phone)} noValidate>
                        {problem && <Note tone="warn" role="alert" focusRef={summary}><p>{problem}</p></Note>}
                        <TextField label={t('signin.login')} value={login} onChange={setLogin} autoComplete="username" autoCapitalize="none" />
                        <TextField label={t('signin.password')} value={password} onChange={setPassword} type="password" autoComplete="current-password" />
                        {code !== null && <TextField label={t('accounts.code')} hint={t('accounts.code_hint')} value={code} onChange={setCode} autoComplete="one-time-code" autoCapitalize="none" maxLength={32} />}
                        <Button look="main" big wide type="submit" isPending={pending}>{t('signin.enter')}</Button>
                        <Button look="link" onPress={() => { go({ at: 'reset', token: null }); }}>{t('accounts.forgot')}</Button>
                    </form>
                </>
            )}
        </SignInPage>
    );
}
