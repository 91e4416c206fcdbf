// SPDX-License-Identifier: Apache-2.0
//
// The encoders of this person's voice and pictures, and the queue before the socket. In the worker.
// Pictures that the link has no room for are not made at all.
import type { Rates } from '../media.ts';
import { MEDIA } from '../protocol.gen.ts';
import { CaptureClock } from './clock.ts';
import { PICTURE_CODEC, VOICE_CODEC } from './features.ts';
import { cyclicLayers, SyncMarks } from './layers.ts';
import { FRAME_US, type FromMic, type ToPage } from './messages.ts';
import { plansOf, RateControl, type Plan } from './rate.ts';
import { SendQueue } from './sendq.ts';
import { levelOf } from './stretch.ts';
import { encodeFrame } from './wire.ts';

type Pictures = 'camera' | 'screen';
type Broken = Extract<ToPage, { type: 'broken' }>['what'];

const KEY_EVERY_MS = 10_000; // also without being asked: whoever began to see a broken picture recovers
const VOICE_BUFFERED = 16_000; // bytes in the browser: more is a socket that takes nothing
const TOGETHER = 3; // times 20 ms of voice in a packet where the link is narrow: most of a packet is headers
/** Below this rate a picture has half the width and height: its key frame is smaller too, and holds up no voice. */
const HALF_BPS = 75_000;
const WHOLE_BPS = 110_000; // whole again
const LAYERS = ['L1T3', 'L1T2', undefined] as const;

interface Line {
    readonly buffered: number;
    send: (message: Uint8Array<ArrayBuffer>) => void;
    broken: (what: Broken, why: string) => void;
    /** something may go */
    ready: () => void;
}

/** The temporal layers that this browser makes: asked once, before the first picture. */
async function layersOf(): Promise<(typeof LAYERS)[number]> {
    for (const scalabilityMode of LAYERS) {
        const as = { codec: PICTURE_CODEC, width: 640, height: 360, bitrate: 400_000, framerate: 25, latencyMode: 'realtime' as const };
        if (!scalabilityMode) break;
        if ((await VideoEncoder.isConfigSupported({ ...as, scalabilityMode })).supported) return scalabilityMode;
    }
    return undefined;
}

/** The encoder of one kind of picture. */
class PictureEncoder {
    wantKey = true;
    private encoder: VideoEncoder | null = null;
    private as = { width: 0, height: 0, bps: 0 };
    private layers: (typeof LAYERS)[number] | null = null; // null: not known yet
    private half = false;
    private lastAt = -Infinity;
    private keyAt = 0;
    private seq = 0;
    private readonly marks = new SyncMarks(cyclicLayers());

    constructor(private readonly kind: 'picture' | 'screen', private readonly queue: SendQueue, private readonly line: Line) {
        void layersOf().then((layers) => { this.layers = layers; });
    }

    /** Takes the frame, which is closed here. */
    encode(frame: VideoFrame, plan: Plan | null, now: number): void {
        const due = plan !== null && now - this.lastAt >= 1000 / plan.fps - 8;
        if (!plan || !due || this.layers === null || (this.encoder?.encodeQueueSize ?? 0) > 2) {
            frame.close();
            return;
        }
        this.lastAt = now;
        try {
            this.fit(frame, plan);
            const keyFrame = this.wantKey || now - this.keyAt > KEY_EVERY_MS;
            if (keyFrame) { this.wantKey = false; this.keyAt = now; }
            this.encoder?.encode(frame, { keyFrame });
        } catch (e) {
            this.fail(String(e));
        } finally {
            frame.close();
        }
    }

    close(): void {
        if (this.encoder?.state !== 'closed') this.encoder?.close();
        this.encoder = null;
    }

    private fit(frame: VideoFrame, plan: Plan): void {
        const { bps } = plan;
        this.half = this.kind === 'picture' && bps < (this.half ? WHOLE_BPS : HALF_BPS);
        const [width, height] = [frame.displayWidth, frame.displayHeight].map((px) => (this.half ? 2 * Math.round(px / 4) : px)) as [number, number];
        const sized = this.encoder && this.as.width === width && this.as.height === height;
        if (sized && Math.abs(bps - this.as.bps) < 0.15 * this.as.bps) return;
        const as = { codec: PICTURE_CODEC, width, height, bitrate: bps, framerate: plan.fps, latencyMode: 'realtime' as const };
        if (!sized) {
            this.close();
            this.wantKey = true;
            this.encoder = new VideoEncoder({ output: (chunk, meta) => this.take(chunk, meta), error: (e) => this.fail(String(e)) });
        }
        this.as = { width, height, bps };
        this.encoder?.configure(this.layers ? { ...as, scalabilityMode: this.layers } : as);
    }

    private take(chunk: EncodedVideoChunk, meta?: EncodedVideoChunkMetadata): void {
        const layer = (meta as { svc?: { temporalLayerId?: number } } | undefined)?.svc?.temporalLayerId ?? 0;
        const payload = new Uint8Array(chunk.byteLength);
        const key = chunk.type === 'key';
        const seq = this.seq++;
        const sync = this.marks.mark(key, layer);
        const top = this.layers === 'L1T3' ? 2 : this.layers === 'L1T2' ? 1 : 0;
        if (chunk.byteLength > MEDIA.picture_bytes) { // too large for the protocol: as if it had been left out
            this.wantKey = true;
            return;
        }
        chunk.copyTo(payload);
        const head = { kind: this.kind, key, droppable: top > 0 && layer === top, sync, layer, slot: 0, level: 0, seq, time: chunk.timestamp };
        this.queue.put({ ...head, at: performance.now(), message: encodeFrame(head, payload) });
        this.line.ready();
    }

    private fail(why: string): void {
        this.line.broken('picture_up', why);
        this.close();
    }
}

export class Sender {
    readonly rate = new RateControl();
    private readonly queue = new SendQueue();
    private readonly encoders: Record<Pictures, PictureEncoder>;
    private readonly on: Record<Pictures, boolean> = { camera: false, screen: false };
    private voice: AudioEncoder | null = null;
    private voiceBps = 0;
    private together = 1; // of 20 ms, in a packet of the voice
    private voices: Array<{ level: number; time: number }> = []; // in the encoder
    private seq = 0;
    private clock = new CaptureClock(FRAME_US);
    private ended = false;
    private told = 0;
    sent = 0; // bytes
    most: Rates = { voice: 0, camera: 0 };

    constructor(private readonly line: Line) {
        this.encoders = { camera: new PictureEncoder('picture', this.queue, line), screen: new PictureEncoder('screen', this.queue, line) };
    }

    get leftOut(): number { return this.queue.leftOut; }

    keyFrame(source: Pictures): void { this.encoders[source].wantKey = true; }

    /** Frame by frame; the time of capture is that of arrival here, by the clock of all kinds. */
    picture(source: Pictures, frame: VideoFrame): void {
        const now = performance.now();
        if (this.ended || !this.on[source]) { frame.close(); return; }
        const timed = new VideoFrame(frame, { timestamp: Math.round(now * 1000) });
        frame.close();
        const plans = plansOf(this.rate.bitrate, this.on.camera, this.on.screen, this.most);
        this.encoders[source].encode(timed, plans[source], now);
    }

    begin(source: Pictures): void {
        this.on[source] = true;
        this.encoders[source].wantKey = true;
    }

    end(source: Pictures): void {
        this.on[source] = false;
        this.queue.clear(source === 'camera' ? 'picture' : 'screen');
    }

    /** The microphone was taken or let go: its samples are counted from 0. */
    newMic(): void { this.clock = new CaptureClock(FRAME_US); }

    speak(m: FromMic): void {
        if (this.ended) return;
        const timestamp = this.clock.time(m.index, performance.now() * 1000);
        if (timestamp === null) return;
        const { voice } = plansOf(this.rate.bitrate, false, false, this.most);
        const encoder = this.voiceEncoder(voice, this.rate.narrow ? TOGETHER : 1);
        if (!encoder || encoder.state !== 'configured') return;
        // Encoders count the time of what comes out by themselves, from their first frame on.
        this.voices.push({ level: levelOf(m.samples), time: timestamp });
        const data = new AudioData({
            format: 'f32-planar', sampleRate: VOICE_CODEC.sampleRate, numberOfFrames: m.samples.length, numberOfChannels: 1, timestamp,
            data: m.samples as Float32Array<ArrayBuffer>,
        });
        encoder.encode(data);
        data.close();
    }

    /** What may go, goes. */
    flush(): void {
        for (;;) {
            const { buffered } = this.line;
            const next = this.queue.take(performance.now(), buffered < VOICE_BUFFERED, this.rate.mayPicture(this.sent, buffered));
            if (!next) break;
            this.sent += next.message.length;
            this.line.send(next.message);
        }
        for (const source of this.queue.wantsKey(performance.now())) this.keyFrame(source);
    }

    /** Several times a second. */
    look(): void {
        this.flush();
        this.rate.look(performance.now(), this.line.buffered, this.queue.leftOut - this.told);
        this.told = this.queue.leftOut;
    }

    close(): void {
        this.ended = true;
        if (this.voice?.state !== 'closed') this.voice?.close();
        this.encoders.camera.close();
        this.encoders.screen.close();
    }

    private voiceEncoder(bitrate: number, together: number): AudioEncoder | null {
        if (this.voice && this.voiceBps === bitrate && this.together === together) return this.voice;
        if (this.together !== together) { // what the old one holds is a packet that is not full
            if (this.voice?.state !== 'closed') this.voice?.close();
            this.voice = null;
            this.voices = [];
        }
        this.voiceBps = bitrate;
        this.together = together;
        this.voice ??= this.newVoice();
        if (this.voice.state !== 'closed')
            this.voice.configure({
                ...VOICE_CODEC, bitrate,
                opus: { application: 'voip', frameDuration: FRAME_US * together, useinbandfec: true, packetlossperc: 10, signal: 'voice' } as OpusEncoderConfig,
            });
        return this.voice;
    }

    private newVoice(): AudioEncoder {
        const output = (chunk: EncodedAudioChunk): void => {
            const payload = new Uint8Array(chunk.byteLength);
            const voices = this.voices.splice(0, this.together);
            const level = Math.min(...voices.map((v) => v.level)); // the loudest
            const time = voices[0]?.time;
            if (time === undefined || chunk.byteLength > MEDIA.voice_bytes) return;
            chunk.copyTo(payload);
            const head = { kind: 'voice' as const, key: false, droppable: false, sync: false, layer: 0, slot: 0, level, time, seq: this.seq++ };
            this.queue.put({ ...head, at: performance.now(), message: encodeFrame(head, payload) });
            this.flush();
        };
        return new AudioEncoder({ output, error: (e) => this.line.broken('voice_up', String(e)) });
    }
}
