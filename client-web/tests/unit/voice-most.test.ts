// SPDX-License-Identifier: Apache-2.0
//
// A voice that is to take less for the sake of its hearer, over WebSocket: from the page to the encoder.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FramesLink } from '../../src/core/frames/link.ts';
import type { LineWorker } from '../../src/core/frames/line.ts';
import { FRAME_SAMPLES, type ToWorker } from '../../src/core/frames/messages.ts';
import { Sender } from '../../src/core/frames/sender.ts';

const rates: number[] = [];
const durations: number[] = [];
const encoders: FakeEncoder[] = [];

class FakeEncoder {
    state = 'unconfigured';
    constructor(readonly init: { output: (chunk: unknown) => void }) { encoders.push(this); }
    configure(c: { bitrate: number; opus: { frameDuration: number } }): void {
        this.state = 'configured';
        rates.push(c.bitrate);
        durations.push(c.opus.frameDuration);
    }
    encode(): void { /* nothing comes out by itself */ }
    /** A packet of two bytes. */
    give(): void { this.init.output({ byteLength: 2, copyTo: (to: Uint8Array) => { to.set([0x78, 1]); } }); }
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
        rates.length = durations.length = encoders.length = 0;
        vi.useFakeTimers({ toFake: ['performance'] });
    });
    afterEach(() => {
        vi.useRealTimers();
        vi.unstubAllGlobals();
    });

    it('is told to the worker', async () => {
        const posted: ToWorker[] = [];
        const line = { stats: null, line: 1, onbroken: null, post: (m: ToWorker) => { posted.push(m); } } as unknown as LineWorker;
        const link = new FramesLink(line, { audio: 1, video: 1, screen: 1 }, { state: () => undefined }, () => ({}) as never, () => () => undefined);
        await link.setRates({ voice: 16_000, camera: 0 });
        await link.setRates({ voice: 0, camera: 60_000 });
        link.close();
        expect(posted.filter((m) => m.type === 'most').map((m) => m.most)).toEqual([{ voice: 16_000, camera: 0 }, { voice: 0, camera: 60_000 }]);
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
        sender.most = { voice: 16_000, camera: 0 };
        speak();
        sender.most = { voice: 0, camera: 0 };
        speak();
        sender.close();
        expect(rates).toEqual([28_000, 16_000, 28_000]);
    });

    it('travels three times twenty milliseconds in a packet where the own link is narrow, by the time of the first', () => {
        const sent: Uint8Array[] = [];
        const sender = new Sender({ buffered: 0, send: (m) => { sent.push(m); }, broken: (_, why) => { throw new Error(why); }, ready: () => undefined });
        let index = 0;
        const speak = (frames: number): void => {
            for (let i = 0; i < frames; i++) {
                vi.advanceTimersByTime(20);
                sender.speak({ index: index++, samples: new Float32Array(FRAME_SAMPLES).fill(i === 1 ? 0.5 : 0) });
            }
        };
        const time = (m: Uint8Array): bigint => new DataView(m.buffer).getBigUint64(8);
        speak(10);
        encoders.at(-1)?.give();
        for (let i = 0; i < 10; i++) { // the socket leaves out what it cannot take
            vi.advanceTimersByTime(1_000);
            sender.rate.look(performance.now(), 0, 1);
        }
        index += 500;
        speak(3);
        encoders.at(-1)?.give();
        speak(3);
        encoders.at(-1)?.give();
        sender.close();
        expect([durations, rates]).toEqual([[20_000, 60_000], [28_000, 16_000]]);
        expect(sent.length).toBe(3);
        expect(time(sent[2] as Uint8Array) - time(sent[1] as Uint8Array)).toBe(60_000n);
        expect(sent[1]?.[4]).toBeLessThan(20); // the loudest of the three
    });
});
