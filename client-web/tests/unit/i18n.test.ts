// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiTypes } from '../../tools/api-types.mjs';
import { Offline, Refused } from '../../src/core/api.ts';
import { errorSentence } from '../../src/i18n/errors.ts';
import { formats } from '../../src/i18n/format.ts';
import { guessLang, loadCatalogue, type Key } from '../../src/i18n/load.ts';
import { translator } from '../../src/i18n/translate.ts';

const ru = translator('ru', await loadCatalogue('ru'));
const en = translator('en', await loadCatalogue('en'));
const NOON = Date.UTC(2026, 10, 23, 7, 5);

describe('sentences', () => {
    it('declines Russian numbers', () => {
        expect([1, 2, 5, 21].map((n) => ru('common.minutes', { n }))).toEqual(['1 минута', '2 минуты', '5 минут', '21 минута']);
    });
    it('speaks to a child and to an adult', () => {
        expect(ru('door.too_early.title', { who: 'child' })).toBe('Ты рано. Это хорошо!');
        expect(en('door.too_early.title', { who: 'adult' })).not.toContain('good');
    });
    it('marks every sentence of the pseudo-language and keeps its arguments', async () => {
        const pseudo = translator('pseudo', await loadCatalogue('pseudo'));
        expect(pseudo('common.close')).toMatch(/^⟦.+⟧$/);
        expect(pseudo('common.minutes', { n: 5 })).toContain('5');
        expect(pseudo('common.close').length).toBeGreaterThan(en('common.close').length);
    });
    it('finds words for every refusal, by code and gate', () => {
        const refused = (code: string, more = {}) => new Refused(409, { code, ...more } as never);
        const all = ['not_allowed', 'not_found', 'not_now', 'locked', 'stale', 'need_match', 'too_many', 'bad_field', 'malformed', 'too_large', 'key_reused', 'internal', 'unavailable'];
        for (const code of all) expect(errorSentence(ru, refused(code)), code).toMatch(/[а-я]/);
        for (const gate of ['may_teach', 'consent', 'group_consent', 'same_mentor']) expect(errorSentence(ru, refused('gate', { gate }))).toMatch(/[а-я]/);
        expect(errorSentence(ru, new Offline('x'), 'child')).toBe('Связи пока нет. Попробуй ещё раз.');
    });
    it('shows an unknown key rather than nothing', () => { expect(ru('no.such.key' as Key & 'common.close')).toBe('no.such.key'); });
});

describe('times and dates', () => {
    it('says them as people do, in the zone asked for', () => {
        const f = formats('ru');
        expect(f.clock(NOON, 'Asia/Yekaterinburg')).toBe('12:05');
        expect(f.clock(Date.UTC(2026, 0, 1, 6, 5), 'Europe/Moscow')).toBe('9:05');
        expect(f.clock2(Date.UTC(2026, 0, 1, 6, 5), 'Europe/Moscow')).toBe('09:05');
        expect(f.date('2026-11-23')).toBe('Понедельник, 23 ноября');
        expect(f.month('2026-11')).toBe('ноябрь 2026');
        expect(f.zone('Asia/Yekaterinburg')).toBe('Екатеринбург');
        expect(formats('en').date('2026-11-23')).toBe('Monday 23 November');
        expect(formats('en').zone('America/New_York')).toBe('New York');
    });
    it('does not slip a day at midnight', () => { expect(formats('en').weekdayDay(Date.UTC(2026, 10, 22, 21, 0), 'Europe/Moscow')).toContain('23'); });
});

describe('the language of a stranger', () => {
    it('is the last one used here, then the browser\'s, then Russian', () => {
        expect(guessLang('en', ['ru'])).toBe('en');
        expect(guessLang(null, ['de', 'en-US', 'ru'])).toBe('en');
        expect(guessLang('xx', ['de'])).toBe('ru');
    });
});

it('has API types made from the API\'s description', () => {
    expect(readFileSync(new URL('../../src/core/api.gen.ts', import.meta.url), 'utf8')).toBe(apiTypes());
}, 60_000); // reads the whole description; how fast is not the question
