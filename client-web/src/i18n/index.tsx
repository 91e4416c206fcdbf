// SPDX-License-Identifier: Apache-2.0
//
// The language of the page: `useI18n()` gives `t` (sentences), `fmt` (times and dates) and the
// language. Sets <html lang> and React Aria's own language.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { formats, type Formats } from './format.ts';
import { guessLang, loadCatalogue, TAGS, type Lang } from './load.ts';
import { translator, type Translate } from './translate.ts';

export interface I18n { t: Translate; fmt: Formats; lang: Lang; setLang: (lang: Lang) => void }

const Context = createContext<I18n | null>(null);
const STORED = 'parta.lang';

function readStored(): string | null {
    try {
        return localStorage.getItem(STORED);
    } catch {
        return null; // storage may be forbidden: the browser's language serves
    }
}

function store(lang: Lang): void {
    try {
        localStorage.setItem(STORED, lang);
    } catch {
        // the choice then lasts until the page is closed
    }
}

export function LanguageProvider({ children }: { children: ReactNode }) {
    const [wanted, setWanted] = useState<Lang>(() => guessLang(readStored(), navigator.languages));
    const [ready, setReady] = useState<Omit<I18n, 'setLang'> | null>(null);
    useEffect(() => {
        let current = true;
        void loadCatalogue(wanted).then((catalogue) => {
            if (!current) return;
            document.documentElement.lang = TAGS[wanted];
            setReady({ t: translator(wanted, catalogue), fmt: formats(wanted), lang: wanted });
        });
        return () => { current = false; };
    }, [wanted]);
    const value = useMemo(() => ready && {
        ...ready,
        setLang: (lang: Lang) => { store(lang); setWanted(lang); },
    }, [ready]);
    if (!value) return null;
    return <I18nProvider locale={TAGS[value.lang]}><Context value={value}>{children}</Context></I18nProvider>;
}

export function useI18n(): I18n {
    const value = useContext(Context);
    if (!value) throw new Error('no LanguageProvider');
    return value;
}
