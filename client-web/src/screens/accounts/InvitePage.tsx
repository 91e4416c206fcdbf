// SPDX-License-Identifier: Apache-2.0
//
// An invitation: who invites, as what; a sign-in name and a password make the account. The link is used
// up by that alone, so looking at it twice is no harm.
import { useState, type FormEvent } from 'react';
import { LogIn } from 'lucide-react';
import { accounts, passwordLongEnough } from '../../core/accounts.ts';
import type { Invited } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useSession } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { SignInPage } from '../signin/SignInPage.tsx';

export default function InvitePage({ token }: { token: string }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const { data, error, reload } = useLoad(`invite ${token}`, () => accounts.lookAt(token));
    return (
        <SignInPage title={t('accounts.invite.title')} problem={Boolean(error)}
            other={<Button wide icon={LogIn} onPress={() => { go({ at: 'adult' }, { replace: true }); }}>{t('accounts.back_to_signin')}</Button>}>
            {() => data ? <Accept token={token} invited={data} /> : error ? <Note tone="warn" role="alert"><p>{errorSentence(t, error)}</p></Note> : <Loading onRetry={reload} />}
        </SignInPage>
    );
}

function Accept({ token, invited }: { token: string; invited: Invited }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const { signedIn } = useSession();
    const [login, setLogin] = useState('');
    const [password, setPassword] = useState('');
    const [tried, setTried] = useState(false);
    const wrong = { login: !/^[a-z0-9._-]{2,64}$/.test(login.trim()), password: !passwordLongEnough(password) };
    const accept = useAction(() => accounts.accept({ token, login: login.trim(), password }), (me) => { go({ at: 'home' }, { replace: true }); signedIn(me); });
    const submit = (e: FormEvent) => {
        e.preventDefault();
        setTried(true);
        if (!wrong.login && !wrong.password) accept.run();
    };
    return (
        <>
            <p>{t('accounts.invite.hello', { name: invited.name, org: invited.org, role: t(`role.${invited.role}`) })}</p>
            <form className="signin-form" onSubmit={submit} noValidate>
                {Boolean(accept.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, accept.error)}</p></Note>}
                <TextField label={t('accounts.invite.login')} value={login} onChange={setLogin} autoComplete="username" autoCapitalize="none"
                    hint={t('accounts.invite.login_hint')} problem={tried && wrong.login ? t('accounts.invite.login_wrong') : null} />
                <TextField label={t('accounts.new_password')} type="password" value={password} onChange={setPassword} autoComplete="new-password"
                    hint={t('accounts.password_hint')} problem={tried && wrong.password ? t('accounts.password_short') : null} />
                <Button look="main" big wide type="submit" isPending={accept.pending}>{t('accounts.invite.enter')}</Button>
            </form>
        </>
    );
}
