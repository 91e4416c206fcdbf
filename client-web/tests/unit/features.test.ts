// SPDX-License-Identifier: Apache-2.0
//
// What a browser that lacks something can still offer over WebSocket, and that there are words for it.
import { describe, expect, it } from 'vitest';
import { ALL_ABLE, lackOf, offerOf, type Abilities, type Lack } from '../../src/core/frames/features.ts';
import { loadCatalogue, type Key } from '../../src/i18n/load.ts';
import { translator } from '../../src/i18n/translate.ts';

const LACKS: Array<[Partial<Abilities>, Lack | null, string]> = [
    [{}, null, 'speak hear show see'],
    [{ worker: false }, 'nothing_works', ''],
    [{ worklet: false }, 'nothing_works', 'show see'],
    [{ voiceDown: false }, 'nothing_works', 'speak show see'],
    [{ voiceUp: false }, 'not_heard', 'hear show see'],
    [{ voiceUp: false, pictureUp: false }, 'not_heard_nor_seen', 'hear see'],
    [{ pictureUp: false }, 'not_seen', 'speak hear see'],
    [{ takes: false }, 'not_seen', 'speak hear see'],
    [{ pictureDown: false }, 'sees_nobody', 'speak hear show'],
    [{ canvas: false }, 'sees_nobody', 'speak hear show'],
    [{ pictureUp: false, pictureDown: false }, 'voice_only', 'speak hear'],
];

describe('what a browser lacks', () => {
    it.each(LACKS)('%j: %s', (missing, lack, works) => {
        const able = { ...ALL_ABLE, ...missing };
        const { possible, ...offer } = offerOf(able);
        expect(lackOf(able)).toBe(lack);
        expect(possible).toBe(lack !== 'nothing_works');
        expect(Object.entries(offer).filter(([, on]) => on).map(([what]) => what).join(' ')).toBe(works);
    });
    it.each(['ru', 'en'] as const)('is said in plain words, in %s', async (lang) => {
        const t = translator(lang, await loadCatalogue(lang));
        for (const lack of new Set(LACKS.map((l) => l[1]))) {
            if (!lack) continue;
            for (const key of [`room.lack_${lack}_title`, `room.lack_${lack}`]) {
                const said = ['child', 'adult'].map((who) => t(key as Key & 'room.mute_text', { who, coordinator: 'X' } as never));
                for (const words of said) {
                    expect(words, key).not.toContain('room.');
                    expect(Math.max(...words.split(/[.:!?]/).map((s) => s.trim().split(/\s+/).length)), words).toBeLessThanOrEqual(12);
                }
            }
        }
    });
});
