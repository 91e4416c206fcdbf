// SPDX-License-Identifier: Apache-2.0
//
// A personal link: opening it is enough. The token is sent once, by POST, so that a mail scanner that
// only looks at the address does not use it up; the address bar loses it at once.
import { useEffect, useState } from 'react';
import { Hash } from 'lucide-react';
import { api, Offline } from '../../core/api.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useSession } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { SignInPage } from './SignInPage.tsx';

let sent: string | null = null; // an effect may run twice; a link works once

export default function LinkSignIn({ token }: { token: string }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const { signedIn, signedOut } = useSession();
    const [problem, setProblem] = useState<unknown>(null);
    const [turn, setTurn] = useState(0);
    useEffect(() => {
        if (sent === `${token}/${turn}`) return;
        sent = `${token}/${turn}`;
        api.signIn({ link: token }).then(
            (me) => { signedIn(me); go({ at: 'home' }, { replace: true }); },
            (error: unknown) => { setProblem(error); },
        );
    }, [token, turn, signedIn, go]);

    const retry = () => { setProblem(null); setTurn((n) => n + 1); };
    const card = () => { go({ at: 'home' }, { replace: true }); signedOut(); };
    return (
        <SignInPage title={problem ? t('signin.link_bad_title') : t('signin.opening')} problem={problem !== null}
            other={<Button wide icon={Hash} onPress={card}>{t('signin.by_card')}</Button>}>
            {() => !problem ? <Loading onRetry={retry} />
                : problem instanceof Offline ? <><Note tone="warn" role="alert"><p>{errorSentence(t, problem)}</p></Note><Button look="main" wide onPress={retry}>{t('common.try_again')}</Button></>
                    : <Note tone="warn" role="alert"><p>{t('signin.link_bad')}</p></Note>}
        </SignInPage>
    );
}
