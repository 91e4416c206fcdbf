// SPDX-License-Identifier: Apache-2.0
//
// Media over WebSocket as this browser can do it: the worker that owns the line, started once for the page
// and before it is needed; what is missing; pictures off a video element where there is no stream of them.
import { abilities, ALL_ABLE, lackOf, offerOf, type Abilities } from '../core/frames/features.ts';
import { FramesLink } from '../core/frames/link.ts';
import { LineWorker } from '../core/frames/line.ts';
import { socketUrl } from '../core/probe.ts';
import { udpOpen } from '../core/udp.ts';
import type { SessionOptions } from '../core/seat.ts';
import { browserWorld } from '../core/signalling.ts';
import { wayMemory } from '../core/way.ts';

let line: LineWorker | null = null;
let able: Abilities = ALL_ABLE; // until it is known: asking takes longer than a reload may

/** Starts the worker; a page that opens a lesson finds it running. */
function startLine(): LineWorker | null {
    if (line || typeof Worker !== 'function') return line;
    line = new LineWorker(new Worker(new URL('../core/frames/line.worker.ts', import.meta.url), { type: 'module' }), browserWorld.connect);
    line.onbroken = (what, why) => { reportError(new Error(`frames: ${what}: ${why}`)); };
    return line;
}

/** Draws the track in an element that nobody sees and takes what it shows. */
function takeFrames(track: MediaStreamTrack, take: (frame: VideoFrame) => void): () => void {
    const video = document.createElement('video');
    let handle = 0;
    const next = (): void => {
        if (video.videoWidth > 0) take(new VideoFrame(video, { timestamp: Math.round(performance.now() * 1000) }));
        handle = video.requestVideoFrameCallback(next);
    };
    video.muted = true;
    video.srcObject = new MediaStream([track]);
    handle = video.requestVideoFrameCallback(next);
    void video.play().catch(() => undefined); // a track that has ended meanwhile
    return () => {
        video.cancelVideoFrameCallback(handle);
        video.srcObject = null;
    };
}

startLine();
void abilities('requestVideoFrameCallback' in HTMLVideoElement.prototype).then((found) => { able = found; });

export function framesOptions(): Pick<SessionOptions, 'world' | 'frames'> {
    const worker = startLine();
    if (!worker) return {};
    return {
        world: { ...browserWorld, connect: worker.connect },
        frames: {
            possible: () => worker.alive && offerOf(able).possible,
            lack: () => lackOf(able),
            make: (plan, handlers) => new FramesLink(worker, plan, handlers, () => able, takeFrames),
            memory: wayMemory(sessionStorage),
            udpOpen: () => udpOpen(socketUrl(location.origin)),
        },
    };
}
