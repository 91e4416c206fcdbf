// SPDX-License-Identifier: Apache-2.0
//
// Media over one line, from the server's `frames` until its end: sender and receiver, the pings that tell
// what got through, and what is told of it. In the worker.
import type { Rates } from '../media.ts';
import type { SlotPlan } from '../protocol.gen.ts';
import type { FromMic, FromSpeaker, LineStats, SlotMembers, ToPage } from './messages.ts';
import { Receiver } from './receiver.ts';
import { Sender } from './sender.ts';
import { decodeFrame } from './wire.ts';

const PING_MS = 150;
const LOOK_MS = 50;
const TELL_MS = 500;
/** Ids of our own pings: above all that the page counts up to. */
export const OWN_PINGS = 0x40000000;

type Pictures = 'camera' | 'screen';
type Broken = Extract<ToPage, { type: 'broken' }>['what'];

/** What outlives a line: the page hands it over whenever it likes. */
export interface Parts {
    mic: MessagePort | null;
    speaker: MessagePort | null;
    /** of the canvases: Firefox gives that of a canvas only once, throughout its life */
    brushes: Map<number, OffscreenCanvasRenderingContext2D>;
    members: SlotMembers;
    latencyMs: number;
    /** sources that are on */
    pictures: Set<Pictures>;
}

export class LineMedia {
    private readonly sender: Sender;
    private readonly receiver: Receiver;
    private readonly timers: Array<ReturnType<typeof setInterval>>;
    private pingId = OWN_PINGS;
    private offsetMs = 0; // server's clock minus ours
    private bestRtt = Infinity;
    private refused = 0;
    private pinged = false;

    constructor(private readonly socket: WebSocket, plan: SlotPlan, parts: Parts, private readonly tell: (m: ToPage) => void) {
        const broken = (what: Broken, why: string) => { tell({ type: 'broken', what, why }); };
        this.sender = new Sender({
            get buffered() { return socket.bufferedAmount; },
            send: (m) => { if (socket.readyState === 1) socket.send(m); },
            broken,
            ready: () => { this.sender.flush(); },
        });
        const world = { broken, speaker: () => parts.speaker, brush: (slot: number) => parts.brushes.get(slot) ?? null };
        this.receiver = new Receiver(plan, world, () => (Date.now() + this.offsetMs) * 1000);
        this.receiver.latency = parts.latencyMs;
        this.receiver.map(parts.members);
        for (const source of parts.pictures) this.sender.begin(source);
        this.timers = [setInterval(() => this.ping(), PING_MS), setInterval(() => this.sender.look(), LOOK_MS), setInterval(() => this.report(), TELL_MS)];
        this.ping();
    }

    binary(message: ArrayBuffer): void {
        this.receiver.stats.bytesDown += message.byteLength;
        const frame = decodeFrame(message);
        if (typeof frame === 'string') {
            if (this.refused++ === 0) this.tell({ type: 'broken', what: 'picture_down', why: `frame refused: ${frame}` });
            return;
        }
        this.receiver.take(frame);
    }

    /** True if this text was for us. */
    text(text: string): boolean {
        if (!text.includes('"pong"')) return false;
        const m = JSON.parse(text) as { type?: string; id?: number; now?: number };
        if (m.type !== 'pong' || m.id === undefined || m.id < OWN_PINGS) return false;
        this.sender.rate.pong(m.id, performance.now());
        const rtt = this.sender.rate.rttMs;
        if (rtt > 0 && rtt <= this.bestRtt && m.now !== undefined) {
            this.bestRtt = rtt;
            this.offsetMs = m.now - (Date.now() - rtt / 2);
        }
        this.sender.flush();
        return true;
    }

    most(rates: Rates): void { this.sender.most = rates; }
    speak(m: FromMic): void { this.sender.speak(m); }
    newMic(): void { this.sender.newMic(); }
    picture(source: Pictures, frame: VideoFrame): void { this.sender.picture(source, frame); }
    begin(source: Pictures): void { this.sender.begin(source); }
    end(source: Pictures): void { this.sender.end(source); }
    keyFrame(source: Pictures): void { this.sender.keyFrame(source); }
    plays(m: FromSpeaker): void { this.receiver.plays(m); }
    members(m: SlotMembers): void { this.receiver.map(m); }
    set latency(ms: number) { this.receiver.latency = ms; }

    close(): void {
        this.timers.forEach(clearInterval);
        this.sender.close();
        this.receiver.close();
    }

    private ping(): void {
        if (this.socket.readyState !== 1) return;
        if (this.sender.rate.narrow && this.pinged) { // every other time
            this.pinged = false;
            return;
        }
        this.pinged = true;
        this.pingId = this.pingId >= 0x7ffffffe ? OWN_PINGS : this.pingId + 1;
        this.sender.rate.ping(this.pingId, performance.now(), this.sender.sent);
        this.socket.send(JSON.stringify({ type: 'ping', id: this.pingId }));
    }

    private report(): void {
        const { rate, sent, leftOut } = this.sender;
        const stats: LineStats = {
            ...this.receiver.stats, bytesUp: sent, rttMs: rate.rttMs, bitrate: rate.bitrate, leftOut, shown: this.receiver.shown,
        };
        this.tell({ type: 'stats', stats });
    }
}

