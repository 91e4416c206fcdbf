// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
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

void test('a good line keeps the buffer of the browser', () => {
    const { patience, hear } = listener();
    assert.deepEqual(hear(100, 0.004).filter(Boolean), []);
    assert.equal(patience.waitMs, 0);
});

void test('where much is made up again and again, voices wait longer, a step at a time and not for ever', () => {
    const { patience, hear } = listener();
    assert.deepEqual(hear(2, 0.08), [false, true]); // one bad moment is none
    assert.equal(patience.waitMs, 240);
    assert.deepEqual(hear(3, 0.08), [false, false, true]); // what the step did is heard first
    assert.equal(patience.waitMs, 320);
    hear(60, 0.08);
    assert.equal(patience.waitMs, 400);
});

void test('a step begins at what the browser holds already', () => {
    const { patience, hear } = listener();
    hear(2, 0.05, { heldMs: 230 });
    assert.equal(patience.waitMs, 310);
});

void test('after half a minute without, the wait shrinks, back to the buffer of the browser', () => {
    const { patience, hear } = listener();
    hear(5, 0.08);
    assert.equal(patience.waitMs, 320);
    assert.equal(hear(14, 0).some(Boolean), false);
    hear(2, 0);
    assert.equal(patience.waitMs, 240);
    hear(16, 0);
    assert.equal(patience.waitMs, 0);
});

void test('silence made up for silence, and a voice that is not there, say nothing', () => {
    const { patience, hear } = listener();
    hear(20, 0, { silent: 0.5 });
    hear(20, 0.5, { samples: 1000 });
    assert.equal(patience.waitMs, 0);
});

void test('one bad look between good ones is forgotten', () => {
    const { patience, hear } = listener();
    for (let i = 0; i < 10; i++) { hear(1, 0.1); hear(1, 0); }
    assert.equal(patience.waitMs, 0);
});
