// SPDX-License-Identifier: Apache-2.0
//
// A child signs in with the six digits of the card. A wrong code keeps the digits and puts the focus
// on the first box; the sentence stands above the boxes.
import { useRef, useState, type FormEvent } from 'react';
import { KeyRound } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import { complete, NO_DIGITS } from '../../core/digits.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useSession } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { CodeInput } from '../../ui/CodeInput.tsx';
import { Note } from '../../ui/Note.tsx';
import { SignInPage } from './SignInPage.tsx';

export default function SignIn() {
    const { t } = useI18n();
    const { go } = useRouter();
    const { signedIn } = useSession();
    const [code, setCode] = useState(NO_DIGITS);
    const [problem, setProblem] = useState<string | null>(null);
    const [pending, setPending] = useState(false);
    const first = useRef<HTMLInputElement>(null);

    const fail = (sentence: string) => { setProblem(sentence); first.current?.focus(); };
    const submit = async (e: FormEvent) => {
        e.preventDefault();
        if (!complete(code)) { fail(t('signin.incomplete')); return; }
        setPending(true);
        try {
            signedIn(await api.signIn({ code }));
        } catch (error) {
            const refused = error instanceof Refused ? error.error.code : null;
            fail(refused === 'bad_sign_in' ? t('signin.bad_code') : refused === 'too_many' ? t('signin.too_many')
                : errorSentence(t, error, 'child'));
        } finally {
            setPending(false);
        }
    };
    return (
        <SignInPage title={t('signin.title')} problem={problem !== null}
            other={<Button wide icon={KeyRound} onPress={() => { go({ at: 'adult' }); }}>{t('signin.adult')}</Button>}>
            {() => (
                <>
                    <p className="quiet">{t('signin.intro')}</p>
                    <form className="signin-form" onSubmit={(e) => void submit(e)} noValidate>
                        {problem && <div id="code-problem"><Note tone="warn" role="alert"><p>{problem}</p></Note></div>}
                        <CodeInput value={code} onChange={setCode} label={t('signin.code')} firstRef={first} invalid={problem !== null}
                            {...(problem ? { describedBy: 'code-problem' } : {})} />
                        <Button look="main" big wide type="submit" isPending={pending}>{t('signin.next')}</Button>
                    </form>
                    <p className="quiet">{t('signin.hint')}</p>
                </>
            )}
        </SignInPage>
    );
}
