// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { latencyOf } from '../../src/core/frames/sound.ts';

test('the latency of the sound card', () => {
    expect(latencyOf({ outputLatency: 0.15, baseLatency: 0.01 }, true)).toBe(150);
    expect(latencyOf({ outputLatency: 0, baseLatency: 0.01 }, true)).toBe(10);
});

// A child's page in Firefox ESR stood for ever as it went from UDP to the WebSocket, in one of two tries: the main
// thread asked for the latency while the sound card was starting, and each waited for the other.
test('only Chromium is asked for the latency', () => {
    const asked = () => { throw new Error('asked'); };
    const context = { get outputLatency(): number { return asked(); }, get baseLatency(): number { return asked(); } };
    expect(latencyOf(context, false)).toBe(40);
});
