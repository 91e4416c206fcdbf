// SPDX-License-Identifier: Apache-2.0
//
// What an office reads about a candidate and about a lesson that is missed.
import { describe, expect, it } from 'vitest';
import type { CandidatePart, Cause, MissingSide, NoShow } from '../../src/core/api.gen.ts';
import { missingNow } from '../../src/core/no-show.ts';
import { loadCatalogue } from '../../src/i18n/load.ts';
import { translator } from '../../src/i18n/translate.ts';
import { foundSentence } from '../../src/screens/programme/words.ts';

const ru = translator('ru', await loadCatalogue('ru'));
const en = translator('en', await loadCatalogue('en'));

describe('what was found for a candidate', () => {
    const part = (p: CandidatePart['part'], value: number, of: number, known = true): CandidatePart => ({ part: p, known, points: 1, weight: 2, value, of });
    // It said "1500 of 120 min": free time was taken for a part of the time that is needed.
    it.each<[string, CandidatePart, string, string]>([
        ['more free time than is needed', part('hours', 1500, 120), '25 ч в неделю, нужно 2 ч', '25 h a week, 2 h needed'],
        ['less than is needed', part('hours', 45, 160), '45 мин в неделю, нужно 2 ч 40 мин', '45 min a week, 2 h 40 min needed'],
        ['hours of the orders that are free', part('load', 150, 540), '2 ч 30 мин из 9 ч в неделю', '2 h 30 min of 9 h a week'],
        ['nothing is stored', part('hours', 0, 120, false), 'нет данных', 'not known'],
    ])('%s', (_what, p, inRussian, inEnglish) => {
        expect(foundSentence(ru, p)).toBe(inRussian);
        expect(foundSentence(en, p)).toBe(inEnglish);
    });
});

describe('who is missing', () => {
    const sheet = (missing: MissingSide | null, ...causes: Cause[]): Pick<NoShow, 'missing' | 'causes'> => ({ missing, causes });
    const board = (missing: MissingSide) => ({ missing, cause: null, made: null });
    // The panel said "nobody has come" and offered "unexcused" while the child sat there and waited.
    it('is what the board heard last, and what no longer holds cannot be noted', () => {
        expect(missingNow(board('mentor'), sheet('both', 'I', 'U'))).toEqual({ side: 'mentor', causes: [] });
        expect(missingNow(board('child'), sheet('both', 'I', 'U'))).toEqual({ side: 'child', causes: [] });
    });
    it('is the panel\'s own word where both agree or there is no board', () => {
        expect(missingNow(board('mentor'), sheet('mentor', 'X', 'H'))).toEqual({ side: 'mentor', causes: ['X', 'H'] });
        expect(missingNow(null, sheet('both', 'I'))).toEqual({ side: 'both', causes: ['I'] });
        expect(missingNow(null, sheet(null, 'I'))).toEqual({ side: 'none', causes: ['I'] });
    });
});
