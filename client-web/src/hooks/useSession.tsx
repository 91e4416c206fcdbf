// SPDX-License-Identifier: Apache-2.0
//
// Who is signed in. Applies the person's language, theme, hand and density to the page. A 401 of any
// call means `signedOut()`.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { api, Refused } from '../core/api.ts';
import type { Me, MePatch } from '../core/api.gen.ts';
import { learnNow } from '../core/clock.ts';
import { useI18n } from '../i18n/index.tsx';
import { useAppearance } from './useAppearance.ts';

export interface Session {
    /** undefined: not known yet; null: nobody */
    me: Me | null | undefined;
    /** the server could not be asked */
    unreachable: boolean;
    retry: () => void;
    signedIn: (me: Me) => void;
    signedOut: () => void;
    patch: (change: MePatch) => Promise<void>;
    /** the page is darkened for now, whatever the theme */
    dimmed: boolean;
    dim: (on: boolean) => void;
}

const Context = createContext<Session | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
    const { lang, setLang } = useI18n();
    const [me, setMe] = useState<Me | null | undefined>(undefined);
    const [unreachable, setUnreachable] = useState(false);
    const [turn, setTurn] = useState(0);

    const signedIn = useCallback((who: Me) => {
        learnNow(who.now);
        setUnreachable(false);
        setMe(who);
        if (who.locale !== lang && lang !== 'pseudo') setLang(who.locale);
    }, [lang, setLang]);

    useEffect(() => {
        if (me !== undefined) return;
        const gone = new AbortController();
        api.session(gone.signal).then(signedIn, (error: unknown) => {
            if (gone.signal.aborted) return;
            // "Nobody" may come after a link has signed in meanwhile: then it is old news.
            if (error instanceof Refused && error.status === 401) setMe((known) => known ?? null);
            else setUnreachable(true);
        });
        return () => { gone.abort(); };
    }, [me, turn, signedIn]);

    const { dimmed, dim } = useAppearance(me);
    const value = useMemo<Session>(() => ({
        me,
        unreachable,
        retry: () => { setTurn((n) => n + 1); },
        signedIn,
        signedOut: () => { setMe(null); },
        patch: async (change) => {
            if (change.locale && lang !== 'pseudo') setLang(change.locale);
            signedIn(await api.patchMe(change));
        },
        dimmed,
        dim,
    }), [me, unreachable, signedIn, lang, setLang, dimmed, dim]);
    return <Context value={value}>{children}</Context>;
}

export function useSession(): Session {
    const value = useContext(Context);
    if (!value) throw new Error('no SessionProvider');
    return value;
}

/** The signed-in person; only below the sign-in gate. */
export function useMe(): Me {
    const { me } = useSession();
    if (!me) throw new Error('nobody is signed in');
    return me;
}
