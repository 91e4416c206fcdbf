// SPDX-License-Identifier: Apache-2.0
//
// How much picture is made. What a browser's socket has taken says little: the kernel keeps seconds of
// it. So a ping travels behind the frames four times a second; its answer tells how many bytes are
// through, how fast, and how long they waited. The rate falls at once and rises slowly. Pure.

export interface Plan { bps: number; fps: number }

const MOST_BPS = 900_000;
const LEAST_BPS = 40_000; // the voice and nothing else
const FIRST_BPS = 450_000;
const VOICE_BPS = 42_000; // with its headers
const LONG_MS = 180; // a wait longer than this on top of the shortest: the link is full
const SHORT_MS = 60;
const FALL = 0.8;
const RISE_PER_S = 0.12;
const CALM_MS = 500; // between two falls: what was sent before the first is still on its way
const SCREEN_SHARE = 0.65; // of the picture, where both go out
const LEAST_WINDOW = 24_000; // bytes: some key frame must fit

interface Ping { id: number; at: number; sent: number }

export class RateControl {
    private bps = FIRST_BPS;
    private pings: Ping[] = [];
    private acked = 0;
    private ackedAt = 0;
    private rtts: Array<{ at: number; rtt: number }> = [];
    private fellAt = -Infinity;
    private roseAt = 0;
    private takes = 0; // bytes a second that got through while something waited; 0: not known
    rttMs = 0;

    constructor(private readonly ceiling = MOST_BPS) {}

    /** `sent`: all bytes given to the socket before this ping. */
    ping(id: number, now: number, sent: number): void {
        this.pings.push({ id, at: now, sent });
    }

    pong(id: number, now: number): void {
        const ping = this.pings.find((p) => p.id === id);
        if (!ping) return;
        this.pings = this.pings.filter((p) => p.id > id);
        this.rttMs = now - ping.at;
        this.rtts = [...this.rtts.filter((r) => now - r.at < 20_000), { at: now, rtt: this.rttMs }];
        const waited = this.waitMs(this.rttMs);
        if (waited > SHORT_MS && now > this.ackedAt && this.ackedAt > 0) this.takes = ((ping.sent - this.acked) * 1000) / (now - this.ackedAt);
        this.acked = ping.sent;
        this.ackedAt = now;
        if (waited > LONG_MS) this.fall(now);
        else if (waited < SHORT_MS) this.rise(now);
    }

    /** Called several times a second: bytes that wait in the browser, frames that were left out since the last call. */
    look(now: number, buffered: number, leftOut: number): void {
        const oldest = this.pings[0];
        const silent = oldest ? this.waitMs(now - oldest.at) : 0;
        if (silent > LONG_MS || leftOut > 0 || buffered > this.windowBytes) this.fall(now);
    }

    /** Whether a picture may be handed to the socket now: not more than a quarter of a second is on its way. */
    mayPicture(sent: number, buffered: number): boolean {
        return sent - this.acked < this.windowBytes && buffered < LEAST_WINDOW;
    }

    get bitrate(): number { return this.bps; }

    private get windowBytes(): number {
        return Math.max(LEAST_WINDOW, (this.bps / 8000) * (this.shortest + 250));
    }

    private get shortest(): number {
        return this.rtts.reduce((least, r) => Math.min(least, r.rtt), this.rtts.length > 0 ? Infinity : 0);
    }

    private waitMs(rtt: number): number { return Math.max(0, rtt - this.shortest); }

    private fall(now: number): void {
        if (now - this.fellAt < CALM_MS + this.shortest) return;
        const takes = this.takes > 0 ? Math.min(this.bps, this.takes * 8) : this.bps;
        this.bps = Math.max(LEAST_BPS, takes * FALL);
        this.fellAt = this.roseAt = now;
    }

    private rise(now: number): void {
        const ms = Math.min(1_000, now - this.roseAt);
        if (now - this.fellAt < 2_000) return;
        this.bps = Math.min(this.ceiling, this.bps * (1 + (RISE_PER_S * ms) / 1000));
        this.roseAt = now;
    }
}

/** Fewer pictures before worse ones; below 70 kbit/s none, so that the voice stays clear. */
function pictures(bps: number, most: number): Plan | null {
    if (bps < 28_000) return null;
    const fps = bps >= 220_000 ? 25 : bps >= 110_000 ? 15 : bps >= 60_000 ? 8 : 4;
    return { bps: Math.round(bps), fps: Math.min(fps, most) };
}

/** What each source gets of a rate. */
export function plansOf(bps: number, camera: boolean, screen: boolean): { camera: Plan | null; screen: Plan | null } {
    const rest = bps - VOICE_BPS;
    const toScreen = screen ? (camera ? rest * SCREEN_SHARE : rest) : 0;
    return {
        screen: screen ? pictures(toScreen, 8) : null,
        camera: camera ? pictures(Math.min(700_000, rest - toScreen), 25) : null,
    };
}
