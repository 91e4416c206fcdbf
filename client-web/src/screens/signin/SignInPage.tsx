// SPDX-License-Identifier: Apache-2.0
//
// The frame of the three ways in: mark, language, content, other ways and the phone at the foot.
import type { ReactNode } from 'react';
import { PhoneCall } from 'lucide-react';
import { api } from '../../core/api.ts';
import { phoneHref } from '../../core/phone.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useTitle } from '../../hooks/useTitle.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Mark } from '../../ui/Mark.tsx';
import './signin.css';

export function SignInPage({ title, problem, other, children }: {
    title: string; problem?: boolean; other: ReactNode; children: (phone: string) => ReactNode;
}) {
    const { t, lang, setLang } = useI18n();
    const centre = useLoad('centre', api.centre);
    const heading = useTitle(title, problem);
    const phone = centre.data?.phone ?? '';
    return (
        <div className="signin">
            <header className="signin-head">
                <Mark name={t('app.name')} />
                <Button onPress={() => { setLang(lang === 'ru' ? 'en' : 'ru'); }}><span lang={lang === 'ru' ? 'en' : 'ru'}>{t('signin.other_language')}</span></Button>
            </header>
            <main className="signin-main">
                <h1 ref={heading} tabIndex={-1}>{title}</h1>
                {children(phone)}
                <div className="signin-foot">
                    {other}
                    {phone && <LinkButton wide icon={PhoneCall} href={phoneHref(phone)}>{t('signin.help', { phone })}</LinkButton>}
                </div>
            </main>
        </div>
    );
}
