// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { LOOK_MS, Patience } from '../../src/core/patience.ts';

/** One voice, looked at every two seconds: how much of it was made up, of what is played in a look. */
function listener() {
    const patience = new Patience();
    const v = { type: 'inbound-rtp', kind: 'audio', totalSamplesReceived: 0, concealedSamples: 0, silentConcealedSamples: 0, jitterBufferDelay: 0, jitterBufferEmittedCount: 0 };
    let now = 0;
    const hear = (looks: number, share: number, { heldMs = 60, silent = 0, samples = 96_000 } = {}): boolean[] =>
        Array.from({ length: looks }, () => {
            v.totalSamplesReceived += samples;
            v.concealedSamples += samples * (share + silent);
            v.silentConcealedSamples += samples * silent;
            v.jitterBufferDelay += (samples * heldMs) / 1000;
            v.jitterBufferEmittedCount += samples;
            now += LOOK_MS;
            return patience.look(now, [{ type: 'candidate-pair' }, { ...v }]);
        });
    hear(1, 0);
    return { patience, hear };
}

it('a good line keeps the buffer of the browser', () => {
    const { patience, hear } = listener();
    expect(hear(100, 0.004).filter(Boolean)).toEqual([]);
    expect(patience.waitMs).toBe(0);
});

it('where much is made up again and again, voices wait longer, a step at a time and not for ever', () => {
    const { patience, hear } = listener();
    expect(hear(2, 0.08)).toEqual([false, true]); // one bad moment is none
    expect(patience.waitMs).toBe(240);
    expect(hear(3, 0.08)).toEqual([false, false, true]); // what the step did is heard first
    expect(patience.waitMs).toBe(320);
    hear(60, 0.08);
    expect(patience.waitMs).toBe(400);
});

it('a step begins at what the browser holds already', () => {
    const { patience, hear } = listener();
    hear(2, 0.05, { heldMs: 230 });
    expect(patience.waitMs).toBe(310);
});

it('after half a minute without, the wait shrinks, back to the buffer of the browser', () => {
    const { patience, hear } = listener();
    hear(5, 0.08);
    expect(patience.waitMs).toBe(320);
    expect(hear(14, 0).some(Boolean)).toBe(false);
    hear(2, 0);
    expect(patience.waitMs).toBe(240);
    hear(16, 0);
    expect(patience.waitMs).toBe(0);
});

it('silence made up for silence, and a voice that is not there, say nothing', () => {
    const { patience, hear } = listener();
    hear(20, 0, { silent: 0.5 });
    hear(20, 0.5, { samples: 1000 });
    expect(patience.waitMs).toBe(0);
});

it('one bad look between good ones is forgotten', () => {
    const { patience, hear } = listener();
    for (let i = 0; i < 10; i++) { hear(1, 0.1); hear(1, 0); }
    expect(patience.waitMs).toBe(0);
});
