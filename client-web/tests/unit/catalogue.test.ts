// SPDX-License-Identifier: Apache-2.0
//
// Both languages say everything, with the same arguments; children's sentences are short, and Russian
// does not guess anybody's sex.
import { readFileSync } from 'node:fs';
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { argumentsOf, catalogue, messageTypes } from '../../tools/message-types.mjs';

const ru = catalogue('ru');
const en = catalogue('en');

/** Every text a message can become, plural and select branches taken one by one; arguments count as one word. */
function variants(parts: MessageFormatElement[]): string[] {
    let all = [''];
    for (const p of parts) {
        const next = p.type === TYPE.literal ? [p.value] : p.type === TYPE.select || p.type === TYPE.plural
            ? Object.values(p.options).flatMap((o) => variants(o.value)) : ['X'];
        all = all.flatMap((a) => next.map((n) => a + n)).slice(0, 4000);
    }
    return all;
}

/** The branch of a message that a child reads. */
const childBranch = (text: string): string[] => {
    const parts = parse(text);
    const spoken = parts.flatMap((p) => (p.type === TYPE.select && 'child' in p.options ? (p.options.child?.value ?? []) : [p]));
    return variants(spoken);
};

const OFFICE_ONLY = ['signin.adult_intro', 'signin.account_ended', 'signin.link_bad', 'signin.bad_password', 'room.end_text',
    'path.kbps', 'path.mbps', 'path.mbps_many', 'path.figures'];
const CHILD_KEYS = Object.keys(ru).filter((k) => /^(child|door|signin|help|settings|room|ready|path)\./.test(k) && !OFFICE_ONLY.includes(k));

describe('catalogue', () => {
    it('has the same keys in both languages', () => { expect(Object.keys(en).sort()).toEqual(Object.keys(ru).sort()); });

    it.each(Object.keys(ru))('%s takes no argument in one language that the other does not give', (key) => {
        const known = argumentsOf(ru[key] ?? '');
        for (const name of Object.keys(argumentsOf(en[key] ?? ''))) expect(known).toHaveProperty(name);
    });

    it('is what the types were made from', () => {
        expect(readFileSync(new URL('../../src/i18n/messages.gen.ts', import.meta.url), 'utf8')).toBe(messageTypes());
    });

    it('leaves no text empty', () => {
        for (const [key, text] of [...Object.entries(ru), ...Object.entries(en)]) expect(text.trim(), key).not.toBe('');
    });
});

describe('what a child reads', () => {
    const sentences = (text: string): string[] => childBranch(text).flatMap((v) => v.split(/[.!?:…]+\s*/)).filter(Boolean);
    const words = (sentence: string): number => sentence.split(/[\s–—-]+/).filter((w) => /[\p{L}\d]/u.test(w)).length;

    it.each(CHILD_KEYS)('%s has at most twelve words a sentence', (key) => {
        for (const s of [...sentences(ru[key] ?? ''), ...sentences(en[key] ?? '')]) expect(words(s), s).toBeLessThanOrEqual(12);
    });

    it('names no error and no system', () => {
        for (const key of CHILD_KEYS) {
            for (const v of [...childBranch(ru[key] ?? ''), ...childBranch(en[key] ?? '')]) expect(v, key).not.toMatch(/ошибк|систем|\berror\b|\bsystem\b|сервер|server/i);
        }
    });
});

it('guesses nobody\'s sex in Russian', () => {
    // Past tense of a person: "ты устал", "готов", "{name} вышла", "рад(а)".
    const gendered = /(?:^|[\s«])(?:ты|вы|\{(?:name|who|coordinator|mentor|child)\})\s+(?:не\s+|уже\s+|ещё\s+)*\p{L}+(?:л|ла|лся|лась)(?![\p{L}])|\((?:а|ла)\)|\b(?:устал|готова?|рада?)\b(?!\p{L})/iu;
    for (const [key, text] of Object.entries(ru)) {
        for (const v of variants(parse(text))) expect(`${key}: ${v}`).not.toMatch(gendered);
        expect(text, key).not.toMatch(gendered);
    }
});
