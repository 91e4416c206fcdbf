// SPDX-License-Identifier: Apache-2.0
//
// Writes src/i18n/messages.gen.ts: every key of the Russian catalogue with the arguments its sentence
// takes, so that a misspelt key or a forgotten argument does not compile. A unit test fails when the
// file is out of date or when a language lacks a key.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';

const folder = (lang) => new URL(`../src/i18n/${lang}/`, import.meta.url);
const target = new URL('../src/i18n/messages.gen.ts', import.meta.url);

/** All messages of a language, key to sentence; a key twice is an error. */
export function catalogue(lang) {
    const all = {};
    for (const file of readdirSync(folder(lang)).sort()) {
        for (const [key, text] of Object.entries(JSON.parse(readFileSync(new URL(file, folder(lang)), 'utf8')))) {
            if (key in all) throw new Error(`${lang}/${file}: ${key} is there already`);
            all[key] = text;
        }
    }
    return all;
}

function collect(parts, into) {
    for (const part of parts) {
        if (part.type === TYPE.argument) into[part.value] ??= 'string | number';
        if (part.type === TYPE.number || part.type === TYPE.plural) into[part.value] = 'number';
        if (part.type === TYPE.select) into[part.value] ??= 'string';
        if (part.options) Object.values(part.options).forEach((option) => collect(option.value, into));
        if (part.type === TYPE.tag) throw new Error('tags are not used: sentences are plain text');
    }
    return into;
}

/** Arguments of one sentence, name to TypeScript type. */
export const argumentsOf = (text) => collect(parse(text), {});

export function messageTypes() {
    const lines = Object.entries(catalogue('ru')).map(([key, text]) => {
        const args = Object.entries(argumentsOf(text)).map(([name, type]) => `${name}: ${type}`);
        return `    '${key}': ${args.length ? `{ ${args.join('; ')} }` : 'undefined'};`;
    });
    return `// SPDX-License-Identifier: Apache-2.0\n//\n// Generated from src/i18n/ru by tools/message-types.mjs: change that, not this.\n\nexport interface Messages {\n${lines.join('\n')}\n}\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(target, messageTypes());
