// SPDX-License-Identifier: Apache-2.0
//
// Turns a key and its arguments into a sentence (ICU: plural, select). Parsed sentences are kept.
// Sentences are plain text; they are never glued together.
import { IntlMessageFormat } from 'intl-messageformat';
import { pseudo } from './pseudo.ts';
import { TAGS, type Catalogue, type Key, type Lang } from './load.ts';
import type { Messages } from './messages.gen.ts';

export type Args<K extends Key> = Messages[K] extends undefined ? [] : [Messages[K]];
export type Translate = <K extends Key>(key: K, ...args: Args<K>) => string;

export function translator(lang: Lang, catalogue: Catalogue): Translate {
    const parsed = new Map<Key, IntlMessageFormat>();
    return (key, ...args) => {
        let message = parsed.get(key);
        if (!message) {
            message = new IntlMessageFormat(catalogue[key] ?? key, TAGS[lang]);
            if (lang === 'pseudo') message = new IntlMessageFormat(pseudo(message.getAst()), TAGS[lang]);
            parsed.set(key, message);
        }
        return message.format(args[0]) as string;
    };
}
