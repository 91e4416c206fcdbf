// SPDX-License-Identifier: Apache-2.0
//
// The door of a lesson when it does not open: one page for every refusal, kind, with the one useful
// way on. The button that waits wakes by itself. The code stands small below, for the phone call.
import { useEffect, useRef } from 'react';
import { DoorOpen, Hourglass, House, LogIn, MonitorSmartphone, PhoneCall, RefreshCw } from 'lucide-react';
import { phoneHref } from '../../core/phone.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe, useSession } from '../../hooks/useSession.tsx';
import { useTitle } from '../../hooks/useTitle.ts';
import { speakTo } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { Button } from '../../ui/Button.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import { WAY_ON, type DoorCode } from './codes.ts';
import { useDoorWords } from './useDoorWords.ts';
import './door.css';

export interface DoorProps {
    code: DoorCode;
    lesson: number;
    /** when it opens, may be tried again, or where it moved */
    at?: number | undefined;
    /** tries the door again */
    onTry: () => void;
    /** asks for the seat on this device */
    onTakeOver: () => void;
    pending?: boolean;
}

export function Door({ code, lesson, at, onTry, onTakeOver, pending = false }: DoorProps) {
    const { t } = useI18n();
    const me = useMe();
    const { signedOut } = useSession();
    const { go } = useRouter();
    const now = useNow(1000);
    const words = useDoorWords(code, at, now);
    const heading = useTitle(words.title);
    const actions = useRef<HTMLDivElement>(null);
    const way = WAY_ON[code];
    const waits = way === 'wait' && at !== undefined && now < at;

    useEffect(() => { actions.current?.querySelector<HTMLElement>('button, a')?.focus(); }, [code]);
    useEffect(() => {
        if (way !== 'wait' || at === undefined || now < at || code !== 'back_off') return;
        onTry(); // the pause is over: no need to press anything
    }, [way, at, now, code, onTry]);

    const day = () => { go({ at: 'home' }); };
    return (
        <main className="door">
            <Animal kind={me.animal} size="lg" />
            <h1 ref={heading} tabIndex={-1}>{words.title}</h1>
            <p>{words.text}</p>
            {words.more && <p className="quiet">{words.more}</p>}
            <div className="door-actions" ref={actions}>
                {way === 'wait' && (waits
                    ? <Button look="main" big wide icon={Hourglass} blocked={words.text} hideReason>{t('door.opens_in', { n: Math.ceil((at - now) / 60_000) })}</Button>
                    : <Button look="main" big wide icon={DoorOpen} onPress={onTry} isPending={pending}>{t('door.enter')}</Button>)}
                {way === 'retry' && <Button look="main" big wide icon={RefreshCw} onPress={onTry} isPending={pending}>{t('common.try_again')}</Button>}
                {way === 'here' && <Button look="main" big wide icon={MonitorSmartphone} onPress={onTakeOver} isPending={pending}>{t('door.here')}</Button>}
                {way === 'call' && <LinkButton look="main" big wide icon={PhoneCall} href={phoneHref(me.centre.phone)}>{t('common.call_number', { phone: me.centre.phone })}</LinkButton>}
                {way === 'sign_in' && <Button look="main" big wide icon={LogIn} onPress={() => { day(); signedOut(); }}>{t('door.sign_in')}</Button>}
                {way !== 'sign_in' && <Button look={way === 'day' ? 'main' : 'plain'} big={way === 'day'} wide icon={House} onPress={day}>{t(speakTo(me.role) === 'child' ? 'common.my_day' : 'common.home')}</Button>}
                <HelpButton wide call={{ place: 'door', code, lesson }} />
            </div>
            <p className="door-code">{t('door.code', { code: `${code.toUpperCase().replace(/_/g, '-')}-${lesson}` })}</p>
        </main>
    );
}
