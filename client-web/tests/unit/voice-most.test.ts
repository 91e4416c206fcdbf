// SPDX-License-Identifier: Apache-2.0
//
// A voice that is to take less for the sake of its hearer, over WebSocket: from the page to the encoder.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FramesLink } from '../../src/core/frames/link.ts';
import type { LineWorker } from '../../src/core/frames/line.ts';
import { FRAME_SAMPLES, type ToWorker } from '../../src/core/frames/messages.ts';
import { Sender } from '../../src/core/frames/sender.ts';

const rates: number[] = [];

class FakeEncoder {
    state = 'unconfigured';
    configure(c: { bitrate: number }): void {
        this.state = 'configured';
        rates.push(c.bitrate);
    }
    encode(): void { /* nothing comes out */ }
    close(): void { this.state = 'closed'; }
}

class FakePictures {
    static isConfigSupported(): Promise<{ supported: boolean }> { return Promise.resolve({ supported: true }); }
}

class FakeData { close(): void { /* held nothing */ } }

class FakeContext {
    state = 'running';
    outputLatency = 0;
    baseLatency = 0;
    audioWorklet = { addModule: () => new Promise<void>(() => undefined) }; // never there
    close(): Promise<void> { return Promise.resolve(); }
}

describe('a voice that is to take less', () => {
    beforeEach(() => {
        vi.stubGlobal('AudioEncoder', FakeEncoder);
        vi.stubGlobal('VideoEncoder', FakePictures);
        vi.stubGlobal('AudioData', FakeData);
        vi.stubGlobal('AudioContext', FakeContext);
        rates.length = 0;
        vi.useFakeTimers({ toFake: ['performance'] });
    });
    afterEach(() => {
        vi.useRealTimers();
        vi.unstubAllGlobals();
    });

    it('is told to the worker', async () => {
        const posted: ToWorker[] = [];
        const line = { stats: null, line: 1, onbroken: null, post: (m: ToWorker) => { posted.push(m); } } as unknown as LineWorker;
        const link = new FramesLink(line, { audio: 1, video: 1, screen: 1 }, { state: () => undefined } as never, () => ({}) as never, () => () => undefined);
        await link.setVoiceRate(16_000);
        await link.setVoiceRate(0);
        link.close();
        expect(posted.filter((m) => m.type === 'voice_most')).toEqual([{ type: 'voice_most', bps: 16_000 }, { type: 'voice_most', bps: 0 }]);
    });

    it('is made so by the encoder, and whole again behind it', () => {
        const sender = new Sender({ buffered: 0, send: () => undefined, broken: (_, why) => { throw new Error(why); }, ready: () => undefined });
        let index = 0;
        const speak = (frames = 1): void => { // the clock wants to see some before the first
            for (let i = 0; i < frames; i++) {
                vi.advanceTimersByTime(20);
                sender.speak({ index: index++, samples: new Float32Array(FRAME_SAMPLES) });
            }
        };
        speak(20);
        sender.voiceMost = 16_000;
        speak();
        sender.voiceMost = 0;
        speak();
        sender.close();
        expect(rates).toEqual([28_000, 16_000, 28_000]);
    });
});
