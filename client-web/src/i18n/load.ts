// SPDX-License-Identifier: Apache-2.0
//
// Catalogues: which languages there are, and the sentences of one. A browser loads only its own.
import type { Messages } from './messages.gen.ts';

export type Lang = 'ru' | 'en' | 'pseudo';
export type Key = keyof Messages;
export type Catalogue = Record<Key, string>;

/** The tag of a language for <html lang>, Intl and plural rules. */
export const TAGS: Record<Lang, string> = { ru: 'ru', en: 'en-GB', pseudo: 'en-GB' };

/** Fetches the sentences of a language. `pseudo` is English made long and accented, to find text that nobody translated. */
export async function loadCatalogue(lang: Lang): Promise<Catalogue> {
    return (lang === 'ru' ? await import('./ru.ts') : await import('./en.ts')).catalogue;
}

/** The language of a person nobody knows yet: the last one used here, else the browser's. */
export function guessLang(stored: string | null, browser: readonly string[]): Lang {
    if (stored === 'ru' || stored === 'en' || stored === 'pseudo') return stored;
    const known = browser.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'ru' || tag === 'en');
    return known === 'en' ? 'en' : 'ru';
}
