// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Receiver } from '../../src/core/frames/receiver.ts';
import type { Frame } from '../../src/core/frames/wire.ts';

let decoders: string[][];

class FakeDecoder {
    state = 'unconfigured';
    private readonly got: string[] = [];
    constructor(private readonly on: { output: (frame: object) => void }) { decoders.push(this.got); }
    configure(): void { this.state = 'configured'; }
    decode(c: { type: string; timestamp: number }): void {
        this.got.push(c.type);
        this.on.output({ timestamp: c.timestamp, displayWidth: 640, displayHeight: 360, close: () => undefined });
    }
    close(): void { this.state = 'closed'; this.got.push('closed'); }
}

const picture = (seq: number, key = false): Frame => ({ kind: 'picture', key, droppable: false, sync: false, layer: 0, slot: 2, level: 0, seq, time: seq * 40_000, payload: new Uint8Array(1) });

beforeEach(() => {
    decoders = [];
    vi.stubGlobal('VideoDecoder', FakeDecoder);
    vi.stubGlobal('EncodedVideoChunk', class { constructor(init: object) { Object.assign(this, init); } });
});
afterEach(() => { vi.unstubAllGlobals(); });

/* Frames go straight to the worker, the word whose they are goes by way of the page: under load it comes later, and the
   picture of the other stayed away until its next key frame. */
describe('whose frames a slot carries', () => {
    let receiver: Receiver;

    beforeEach(() => {
        receiver = new Receiver({ audio: 2, video: 2, screen: 1 }, { broken: () => undefined, speaker: () => null, brush: () => null }, () => 0);
    });

    it('a key frame that came before the word is kept', () => {
        receiver.take(picture(1, true));
        receiver.map([0, 0, 7, 0, 0]);
        receiver.take(picture(2));
        expect(decoders).toEqual([['key', 'delta']]);
    });
    it('so is that of another person in the same slot', () => {
        receiver.map([0, 0, 7, 0, 0]);
        receiver.take(picture(1, true));
        receiver.take(picture(2, true));
        receiver.map([0, 0, 8, 0, 0]);
        receiver.take(picture(3));
        expect(decoders).toEqual([['key', 'key', 'delta']]);
    });
    /* Whoever reloads the page leaves the slot and comes back into it at once; with a busy page both words came behind the
       key frame, the decoder was closed over it, and the picture stayed away until the next one, ten seconds later. */
    it('so is one that came before the word that its slot carried nobody for a moment', () => {
        receiver.map([0, 0, 7, 0, 0]);
        receiver.take(picture(1, true));
        receiver.take(picture(2, true));
        receiver.map([0, 0, 0, 0, 0]);
        receiver.map([0, 0, 7, 0, 0]);
        receiver.take(picture(3));
        expect(decoders).toEqual([['key', 'key', 'delta']]);
    });
});

/* Firefox refuses to give the context of a canvas in a worker twice, and the worker died over it with the first picture:
   nobody was seen or heard over WebSocket. So a canvas comes here with its context. */
it('pictures are drawn with what the canvas gave once, in their own size', () => {
    const canvas = { width: 300, height: 150, getContext: () => { throw new Error('given already'); } };
    const drawImage = vi.fn();
    const receiver = new Receiver({ audio: 2, video: 2, screen: 1 }, {
        broken: () => undefined, speaker: () => null, brush: () => ({ canvas, drawImage }) as unknown as OffscreenCanvasRenderingContext2D,
    }, () => 0);
    receiver.take(picture(1, true));
    receiver.take(picture(2));
    expect(drawImage).toHaveBeenCalledTimes(2);
    expect(canvas).toMatchObject({ width: 640, height: 360 });
    receiver.close();
});

/* Browsers' audio decoders count the time of what comes out by themselves. Behind a pause of the voice of four seconds its
   times were four seconds late, pictures waited for it in vain, and none was shown any more. */
it('a voice keeps its capture times through a pause and a loss', () => {
    let counted: number | null = null;
    class CountingDecoder {
        state = 'unconfigured';
        constructor(private readonly on: { output: (data: object) => void }) {}
        configure(): void { this.state = 'configured'; }
        decode(c: { timestamp: number }): void {
            counted = counted === null ? c.timestamp : counted + 20_000;
            this.on.output({ timestamp: counted, numberOfFrames: 960, copyTo: () => undefined, close: () => undefined });
        }
        close(): void { this.state = 'closed'; }
    }
    vi.stubGlobal('AudioDecoder', CountingDecoder);
    vi.stubGlobal('EncodedAudioChunk', class { constructor(init: object) { Object.assign(this, init); } });
    const postMessage = vi.fn();
    const receiver = new Receiver({ audio: 2, video: 2, screen: 1 }, {
        broken: () => undefined, speaker: () => ({ postMessage }) as unknown as MessagePort, brush: () => null,
    }, () => 0);
    const times = [0, 20_000, 4_000_000, 4_060_000];
    times.forEach((time, seq) => { receiver.take({ ...picture(seq), kind: 'voice', slot: 0, time }); });
    expect(postMessage.mock.calls.map(([m]) => (m as { time: number }).time)).toEqual(times);
    receiver.close();
});
