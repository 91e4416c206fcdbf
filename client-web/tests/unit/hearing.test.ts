// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import { FELL_SILENT_MS, Hearing, MUTED_MS, NEVER_HEARD_MS, type Look } from '../../src/core/hearing.ts';

const voice: Look = { ended: false, muted: false, peak: 0.2 };
const room: Look = { ended: false, muted: false, peak: 0.0003 }; // a quiet room at night
const silence: Look = { ended: false, muted: false, peak: 0 };
const muted: Look = { ended: false, muted: true, peak: 0 };
const blind: Look = { ended: false, muted: false, peak: null };
const ended: Look = { ended: true, muted: false, peak: 0 };

describe('a microphone that is on', () => {
    let ear: Hearing;
    let now: number;
    beforeEach(() => { ear = new Hearing(); now = 1_000; });
    /** Looks every half second for so long; the last word. */
    const for_ = (ms: number, look: Look) => {
        for (const end = now + ms; now < end; now += 500) ear.look(look, now);
        return ear.look(look, now);
    };

    it('is left alone in a quiet room', () => { expect(for_(600_000, room)).toBe('none'); });

    it('that never gave a sound is noticed after eight seconds', () => {
        expect(for_(NEVER_HEARD_MS - 500, silence)).toBe('none');
        expect(for_(500, silence)).toBe('reacquire');
    });

    it('that was heard may be silent for longer', () => {
        for_(5_000, voice);
        expect(for_(FELL_SILENT_MS - 500, silence)).toBe('none');
        expect(for_(1_000, silence)).toBe('reacquire');
    });

    it('that the system mutes for a moment is left alone, for longer is noticed', () => {
        for_(5_000, voice);
        expect(for_(MUTED_MS - 1_000, muted)).toBe('none');
        for_(1_000, voice);
        expect(for_(MUTED_MS, muted)).toBe('reacquire');
    });

    it('that ended is noticed at once', () => { expect(ear.look(ended, now)).toBe('reacquire'); });

    it('that cannot be measured is not accused', () => { expect(for_(600_000, blind)).toBe('none'); });

    it('is fine as soon as it is heard again', () => {
        for_(NEVER_HEARD_MS, silence);
        expect(ear.look(voice, now)).toBe('none');
        expect(for_(NEVER_HEARD_MS, silence)).toBe('none'); // it was heard: more patience
    });

    it('that is silent again after it was taken anew is a case for a reload', () => {
        for_(NEVER_HEARD_MS, silence);
        ear.reacquiring();
        expect(ear.remedy).toBe('none');
        expect(for_(NEVER_HEARD_MS, silence)).toBe('reload');
    });

    it('that could not be had anew is a case for a reload at once', () => {
        for_(NEVER_HEARD_MS, silence);
        ear.reacquiring();
        ear.failed();
        expect(ear.remedy).toBe('reload');
    });

    it('that was cured may fail again later and is taken anew first', () => {
        for_(NEVER_HEARD_MS, silence);
        ear.reacquiring();
        for_(2_000, voice);
        ear.look(ended, now);
        expect(ear.remedy).toBe('reacquire');
    });

    it('that was switched off is forgotten', () => {
        for_(NEVER_HEARD_MS, silence);
        ear.start();
        expect(ear.remedy).toBe('none');
    });
});
