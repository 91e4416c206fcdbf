// SPDX-License-Identifier: Apache-2.0
//
// The decoders of what the others send, one for each receive slot: voices go to the playout worklet,
// pictures are drawn when the voice of the same person is there. In the worker.
import type { SlotPlan } from '../protocol.gen.ts';
import { PICTURE_CODEC, VOICE_CODEC } from './features.ts';
import type { FromSpeaker, LineStats, SlotMembers, ToPage, ToSpeaker } from './messages.ts';
import { due, VoiceClock } from './sync.ts';
import { seqAhead, type Frame } from './wire.ts';

type Broken = Extract<ToPage, { type: 'broken' }>['what'];

const HELD_MOST = 12; // decoded pictures that wait: decoders of browsers stop at some sixteen
const AGES = 250; // last measurements kept for the statistics

const kept = (list: number[], v: number): void => { list.push(v); if (list.length > AGES) list.shift(); };

interface World {
    broken: (what: Broken, why: string) => void;
    speaker: () => MessagePort | null;
    brush: (slot: number) => OffscreenCanvasRenderingContext2D | null;
    /** the voice slot of the person whose picture this slot shows */
    voiceOf: (slot: number) => VoiceSlot | null;
}

class VoiceSlot {
    readonly clock = new VoiceClock();
    lastSeq: number | null = null;
    private decoder: AudioDecoder | null = null;
    /** Capture times of what is in the decoder: one frame goes in, one comes out. Its own count of time knows of no pause
     *  of the voice and of no lost frame, and would fall behind by each of them. */
    private times: number[] = [];

    constructor(readonly slot: number, private readonly world: World) {}

    take(f: Frame): void {
        const decoder = this.open();
        if (decoder?.state !== 'configured') return;
        this.times.push(f.time);
        decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: f.time, data: f.payload }));
    }

    close(): void {
        if (this.decoder?.state !== 'closed') this.decoder?.close();
        const m: ToSpeaker = { slot: this.slot, end: true };
        this.world.speaker()?.postMessage(m);
    }

    private open(): AudioDecoder | null {
        if (this.decoder) return this.decoder;
        const output = (data: AudioData): void => {
            const samples = new Float32Array(data.numberOfFrames);
            data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
            const m: ToSpeaker = { slot: this.slot, time: this.times.shift() ?? data.timestamp, samples };
            data.close();
            this.world.speaker()?.postMessage(m, [samples.buffer]);
        };
        this.times = [];
        this.decoder = new AudioDecoder({ output, error: (e) => { this.world.broken('voice_down', String(e)); this.decoder = null; } });
        this.decoder.configure(VOICE_CODEC);
        return this.decoder;
    }
}

class PictureSlot {
    shown = 0;
    lastSeq: number | null = null;
    private decoder: VideoDecoder | null = null;
    private waiting: Array<{ time: number; at: number; frame: VideoFrame }> = [];
    private timer: ReturnType<typeof setTimeout> | undefined;
    private needKey = true;

    constructor(readonly slot: number, private readonly world: World, private readonly age: (time: number) => void) {}

    take(f: Frame): void {
        if (this.needKey && !f.key) return;
        this.needKey = false;
        this.open().decode(new EncodedVideoChunk({ type: f.key ? 'key' : 'delta', timestamp: f.time, data: f.payload }));
    }

    close(): void {
        clearTimeout(this.timer);
        for (const w of this.waiting.splice(0)) w.frame.close();
        if (this.decoder?.state !== 'closed') this.decoder?.close();
    }

    private open(): VideoDecoder {
        if (this.decoder?.state === 'configured') return this.decoder;
        this.decoder = new VideoDecoder({
            output: (frame) => {
                this.waiting.push({ time: frame.timestamp, at: performance.now(), frame });
                while (this.waiting.length > HELD_MOST) this.waiting.shift()?.frame.close();
                this.show();
            },
            error: (e) => { this.needKey = true; this.world.broken('picture_down', String(e)); },
        });
        this.decoder.configure({ codec: PICTURE_CODEC, optimizeForLatency: true });
        return this.decoder;
    }

    private show(): void {
        clearTimeout(this.timer);
        const voice = this.world.voiceOf(this.slot)?.clock ?? new VoiceClock();
        const { take, waitMs } = due(this.waiting, voice, performance.now());
        const passed = this.waiting.splice(0, take);
        const last = passed.pop();
        for (const w of passed) w.frame.close();
        if (last) this.draw(last.frame);
        if (this.waiting.length > 0 && waitMs < Infinity) this.timer = setTimeout(() => this.show(), waitMs);
    }

    private draw(frame: VideoFrame): void {
        const brush = this.world.brush(this.slot);
        this.age(frame.timestamp);
        this.shown++;
        if (brush) {
            const { canvas } = brush;
            if (canvas.width !== frame.displayWidth || canvas.height !== frame.displayHeight) {
                canvas.width = frame.displayWidth;
                canvas.height = frame.displayHeight;
            }
            brush.drawImage(frame, 0, 0);
        }
        frame.close();
    }
}

export class Receiver {
    private readonly voices = new Map<number, VoiceSlot>();
    private readonly pictures = new Map<number, PictureSlot>();
    private members: SlotMembers = [];
    private readonly world: World;
    private latencyMs = 0;
    private readonly counted = new Map<number, { played: number; filled: number }>();
    readonly stats: Pick<LineStats, 'bytesDown' | 'framesDown' | 'lostDown' | 'voiceMs' | 'pictureMs' | 'voiceWaitMs' | 'latencyMs' | 'firstVoice' | 'firstPicture' | 'samplesPlayed' | 'samplesFilled'> = {
        bytesDown: 0, framesDown: 0, lostDown: 0, voiceMs: [], pictureMs: [], voiceWaitMs: 0, latencyMs: 0, firstVoice: 0, firstPicture: 0, samplesPlayed: 0, samplesFilled: 0,
    };

    /** `wall`: the server's clock in us. */
    constructor(private readonly plan: SlotPlan, world: Omit<World, 'voiceOf'>, private readonly wall: () => number) {
        this.world = { ...world, voiceOf: (slot) => this.voiceOf(slot) };
    }

    set latency(ms: number) { this.latencyMs = ms; }

    get shown(): number[] {
        const n = this.plan.audio + this.plan.video + this.plan.screen;
        return Array.from({ length: n }, (_, slot) => this.pictures.get(slot)?.shown ?? 0);
    }

    /** Whom the slots carry. The word comes by way of the page and frames do not: those of the new person may have come
     *  before it, and even before the word that the old one is gone. So a slot that carried nobody keeps what it has, and
     *  a picture goes on with its decoder, for another person's begins with a key frame. */
    map(members: SlotMembers): void {
        for (const [slot, it] of this.voices) {
            const was = this.members[slot] ?? 0, is = members[slot] ?? 0;
            if (was === is || was === 0) continue;
            it.close();
            this.voices.delete(slot);
        }
        this.members = members;
    }

    take(f: Frame): void {
        const slots: Map<number, VoiceSlot | PictureSlot> = f.kind === 'voice' ? this.voices : this.pictures;
        let slot = slots.get(f.slot);
        if (!slot) {
            const age = (time: number): void => {
                kept(this.stats.pictureMs, (this.wall() - time) / 1000);
                this.stats.firstPicture ||= Date.now();
            };
            slot = f.kind === 'voice' ? new VoiceSlot(f.slot, this.world) : new PictureSlot(f.slot, this.world, age);
            slots.set(f.slot, slot);
        }
        const ahead = slot.lastSeq === null ? 1 : seqAhead(slot.lastSeq, f.seq);
        slot.lastSeq = f.seq;
        this.stats.framesDown++;
        if (ahead > 1) this.stats.lostDown += ahead - 1;
        slot.take(f);
    }

    /** What the worklet plays, told about twenty times a second. */
    plays(m: FromSpeaker): void {
        const heard = m.playing === null ? null : m.playing - this.latencyMs * 1000;
        this.voices.get(m.slot)?.clock.heard(heard, performance.now());
        const before = this.counted.get(m.slot) ?? { played: 0, filled: 0 };
        this.stats.samplesPlayed += Math.max(0, m.played - before.played); // a voice that begins anew counts from 0
        this.stats.samplesFilled += Math.max(0, m.filled - before.filled);
        this.counted.set(m.slot, { played: m.played, filled: m.filled });
        if (heard === null) return;
        kept(this.stats.voiceMs, (this.wall() - heard) / 1000);
        this.stats.firstVoice ||= Date.now();
        this.stats.voiceWaitMs = Math.round(m.targetMs);
        this.stats.latencyMs = Math.round(this.latencyMs);
    }

    close(): void {
        for (const slots of [this.voices, this.pictures]) for (const it of slots.values()) it.close();
        this.voices.clear();
        this.pictures.clear();
    }

    private voiceOf(slot: number): VoiceSlot | null {
        const member = this.members[slot];
        if (!member) return null;
        for (const [at, voice] of this.voices) if (this.members[at] === member) return voice;
        return null;
    }
}
