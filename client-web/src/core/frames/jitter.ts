// SPDX-License-Identifier: Apache-2.0
//
// The jitter buffer of one voice: decoded frames in, a steady stream of samples out. A sample captured
// at T is played at T + (shortest delay seen) + target; the target follows how late frames come. What
// is played too late is caught up by leaving out silence or single periods of the voice, what is
// played too early is held back likewise; a difference of the two clocks is the same case, slowly.
// Never holds more than `longestMs`. The clock is the count of samples that were asked for. Pure.
import { energy, filler, join, longer, shorter } from './stretch.ts';

export interface VoiceFrame {
    /** capture time, us */
    time: number;
    samples: Float32Array;
}

export interface JitterStats {
    /** samples that were asked for while a voice was there, and how many of them were made up */
    played: number;
    filled: number;
    late: number;
    twice: number;
    shortened: number;
    lengthened: number;
    /** frames thrown away because there were too many */
    over: number;
}

const RATE = 48_000;
const PER_MS = RATE / 1000;
const BUCKET_MS = 10;
const BUCKETS = 80; // a stall of more than 800 ms counts as one of 800
const FORGET = 0.997; // of each frame: one stall is forgotten within some seconds, stalls that come again are not
const SHARE = 0.99; // of the frames are to be in time
const WINDOW_MS = 4_000; // the shortest delay is that of the last one to two windows
const SLACK_MS = 12; // of this much too late or too early nothing is made
const SILENT = 1e-5; // mean square of -50 dBov
const GAP_MS = 200; // a longer hole is a pause of the voice: it begins anew
const FADE = 240; // 5 ms
const FADED_MS = 60; // so much is made up until it is silence

/** How much later than the quickest the frames come: a histogram that forgets. */
export class Delays {
    private readonly share = new Float64Array(BUCKETS);
    private least = Infinity;
    private leastNow = Infinity;
    private windowAt = -Infinity;

    constructor() { this.share[0] = 1; }

    add(at: number, time: number): void {
        const delay = at - time;
        if (at - this.windowAt > WINDOW_MS) {
            this.least = this.leastNow;
            this.leastNow = delay;
            this.windowAt = at;
        }
        this.leastNow = Math.min(this.leastNow, delay);
        const bucket = Math.min(BUCKETS - 1, Math.floor((delay - this.shortest) / BUCKET_MS));
        for (let i = 0; i < BUCKETS; i++) this.share[i] = (this.share[i] ?? 0) * FORGET;
        this.share[bucket] = (this.share[bucket] ?? 0) + 1 - FORGET;
    }

    get shortest(): number { return Math.min(this.least, this.leastNow); }

    /** within this of the shortest come SHARE of the frames, ms */
    get spread(): number {
        let sum = 0;
        for (let i = 0; i < BUCKETS; i++) {
            sum += this.share[i] ?? 0;
            if (sum >= SHARE) return (i + 1) * BUCKET_MS;
        }
        return BUCKETS * BUCKET_MS;
    }
}

export class JitterBuffer {
    readonly stats: JitterStats = { played: 0, filled: 0, late: 0, twice: 0, shortened: 0, lengthened: 0, over: 0 };
    private frames: VoiceFrame[] = [];
    private readonly delays = new Delays();
    private clock = 0; // samples asked for
    private ready: Float32Array = new Float32Array(0); // made, not yet taken
    private last: Float32Array = new Float32Array(0); // for what follows it
    private next: number | null = null; // capture time of what is made next, us; null: nothing plays
    private gain = 0; // of the filler

    constructor(
        private readonly leastMs = 40,
        private readonly mostMs = 800,
        private readonly longestMs = 1_300,
    ) {}

    /** How long a frame waits for the late ones, ms. */
    get targetMs(): number {
        return Math.min(this.mostMs, Math.max(this.leastMs, this.delays.spread + 10));
    }

    /** What is held, ms. */
    get heldMs(): number {
        return this.frames.reduce((n, f) => n + f.samples.length, this.ready.length) / PER_MS;
    }

    /** Capture time of the next sample that goes out, us; null while no voice plays, or only what is made up for it. */
    get playing(): number | null {
        return this.next === null || this.silentFor > FADED_MS * PER_MS ? null : this.next - (this.ready.length / PER_MS) * 1000;
    }

    push(frame: VoiceFrame): void {
        this.delays.add(this.clock / PER_MS, frame.time / 1000);
        if (this.next !== null && frame.time < this.next - 1000) {
            this.stats.late++;
            return;
        }
        let at = this.frames.length;
        while (at > 0 && (this.frames[at - 1]?.time ?? 0) >= frame.time) at--;
        if (this.frames[at]?.time === frame.time) {
            this.stats.twice++;
            return;
        }
        this.frames.splice(at, 0, frame);
        while (this.heldMs > this.longestMs) {
            this.frames.shift();
            this.stats.over++;
            this.next = this.frames[0]?.time ?? null;
        }
    }

    pull(out: Float32Array): void {
        let done = 0;
        while (done < out.length) {
            if (this.ready.length === 0) this.make();
            const n = Math.min(this.ready.length, out.length - done);
            out.set(this.ready.subarray(0, n), done);
            this.ready = this.ready.subarray(n);
            done += n;
            this.clock += n;
        }
    }

    /** Too late (positive) or too early a frame of this capture time would be played now, ms. */
    private off(time: number): number {
        return this.clock / PER_MS - time / 1000 - this.delays.shortest - this.targetMs;
    }

    private make(): void {
        const head = this.frames[0];
        if (this.next === null) {
            if (head && this.off(head.time) >= 0) this.begin(head);
            else this.ready = new Float32Array(128);
        } else if (!head) {
            this.fill(480);
        } else {
            this.goOn(head, this.next);
        }
    }

    private begin(head: VoiceFrame): void {
        this.next = head.time;
        // What has waited for too long already is not begun with.
        while (this.frames.length > 1 && this.off(this.next) > SLACK_MS + 20) {
            this.frames.shift();
            this.next = this.frames[0]?.time ?? this.next;
        }
        this.last = new Float32Array(0);
        this.gain = 1;
        const first = this.frames[0];
        if (first) this.play(first);
    }

    /** Nothing is there: the voice fades out over FADED_MS; after GAP_MS it counts as ended. */
    private fill(n: number): void {
        const to = Math.max(0, this.gain - n / (FADED_MS * PER_MS));
        this.ready = filler(this.last, n, this.gain, to);
        this.gain = to;
        this.stats.played += n;
        this.stats.filled += n;
        this.silentFor += n;
        if (this.silentFor > GAP_MS * PER_MS) this.next = null;
    }
    private silentFor = 0;

    private goOn(head: VoiceFrame, next: number): void {
        const holeMs = (head.time - next) / 1000;
        if (holeMs > GAP_MS) {
            this.next = null; // a pause: the next one begins when its time has come
            this.ready = new Float32Array(0);
            this.make();
            return;
        }
        if (holeMs > 5) {
            const n = Math.round(Math.min(holeMs, 20) * PER_MS);
            this.fill(n);
            this.next = next + (n / PER_MS) * 1000;
            return;
        }
        this.play(head);
    }

    /** Plays the first frame, shorter or longer if its time asks for it. */
    private play(head: VoiceFrame): void {
        const off = this.off(head.time);
        const second = this.frames[1];
        let samples = head.samples;
        this.frames.shift();
        this.next = head.time + (head.samples.length / PER_MS) * 1000;
        if (off > SLACK_MS + 8 && energy(samples) < SILENT && second) {
            this.stats.shortened += samples.length;
            this.ready = new Float32Array(0);
            this.playNext();
            return;
        }
        if (off > SLACK_MS && second && second.time - this.next < 1000) {
            const both = concat(samples, second.samples);
            this.frames.shift();
            this.next = second.time + (second.samples.length / PER_MS) * 1000;
            samples = shorter(both);
            this.stats.shortened += both.length - samples.length;
        } else if (off < -SLACK_MS) {
            const was = samples.length;
            samples = energy(samples) < SILENT ? concat(samples, samples) : was >= 480 ? longer(samples) : samples;
            this.stats.lengthened += samples.length - was;
        }
        this.hand(samples);
    }

    private playNext(): void {
        const head = this.frames[0];
        if (head) this.play(head);
        else this.fill(480);
    }

    private hand(samples: Float32Array): void {
        const out = Float32Array.from(samples);
        if (this.last.length === 0) join(new Float32Array(FADE), out);
        else if (this.gain < 1) join(filler(this.last, FADE, this.gain, this.gain), out);
        this.gain = 1;
        this.silentFor = 0;
        this.stats.played += out.length;
        this.last = out.slice(-1440);
        this.ready = out;
    }
}

function concat(a: Float32Array, b: Float32Array): Float32Array {
    const out = new Float32Array(a.length + b.length);
    out.set(a);
    out.set(b, a.length);
    return out;
}
