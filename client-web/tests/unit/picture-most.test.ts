// SPDX-License-Identifier: Apache-2.0
//
// A camera that is to make little, over WebSocket: the size of its pictures and what the encoder may make.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Sender } from '../../src/core/frames/sender.ts';
import { settle } from './fakes.ts';

const made: string[] = [];

class FakeEncoder {
    static isConfigSupported(): Promise<{ supported: boolean }> { return Promise.resolve({ supported: true }); }
    state = 'unconfigured';
    encodeQueueSize = 0;
    configure(c: { width: number; height: number; bitrate: number; framerate: number }): void { made.push(`${c.width}x${c.height} ${c.bitrate} ${c.framerate}`); }
    encode(): void { /* nothing comes out */ }
    close(): void { this.state = 'closed'; }
}

class FakeFrame {
    displayWidth = 640;
    displayHeight = 360;
    close(): void { /* held nothing */ }
}

describe('a camera that is to make little', () => {
    beforeEach(() => {
        vi.stubGlobal('VideoEncoder', FakeEncoder);
        vi.stubGlobal('VideoFrame', FakeFrame);
        vi.useFakeTimers({ toFake: ['performance'] });
        made.length = 0;
    });
    afterEach(() => {
        vi.useRealTimers();
        vi.unstubAllGlobals();
    });

    it('makes pictures of half the size until it may make clearly more, and none where none fits; a screen stays whole', async () => {
        const sender = new Sender({ buffered: 0, send: () => undefined, broken: (_, why) => { throw new Error(why); }, ready: () => undefined });
        const show = (source: 'camera' | 'screen'): void => {
            vi.advanceTimersByTime(1_000);
            sender.picture(source, new FakeFrame() as unknown as VideoFrame);
        };
        await settle(); // the layers are known
        sender.begin('camera');
        for (const camera of [0, 60_000, 90_000, 120_000, 27_999, 0]) {
            sender.most = { voice: 0, camera };
            show('camera');
        }
        expect(made).toEqual(['640x360 407000 25', '320x180 60000 8', '320x180 90000 8', '640x360 120000 15', '640x360 407000 25']);
        sender.end('camera');
        made.length = 0;
        sender.begin('screen');
        for (let i = 0; i < 20; i++) { // the socket leaves out what it cannot take, until little is left
            vi.advanceTimersByTime(700);
            if (sender.rate.bitrate > 100_000) sender.rate.look(performance.now(), 0, 1);
        }
        show('screen');
        expect(made[0]).toMatch(/^640x360 [1-6]\d{4} /);
        sender.close();
    });
});
