// SPDX-License-Identifier: Apache-2.0
//
// How much picture is made. What a browser's socket has taken says little: the kernel keeps seconds of
// it. So a ping travels behind the frames seven times a second; its answer tells how many bytes are
// through, how fast, and how long they waited. The rate falls at once and rises slowly. Pure.

import type { Rates } from '../media.ts';

/** No picture is made of less. */
export const PICTURE_LEAST_BPS = 28_000;

export interface Plan { bps: number; fps: number }

const ALL: Rates = { voice: 0, camera: 0 };
const MOST_BPS = 750_000;
const LEAST_BPS = 40_000; // the voice and nothing else
const FIRST_BPS = 450_000;
const HEADERS_BPS = 15_000; // of fifty voice frames a second: ours, the WebSocket's, TLS's
const VOICE_BPS = 28_000;
const VOICE_LEAST_BPS = 16_000; // still clear
const NARROW_BPS = 90_000;
const WIDE_BPS = 140_000; // narrow no longer
const LONG_MS = 180; // a wait longer than this on top of the shortest: the link is full
const SHORT_MS = 60;
const FALL = 0.8;
const RISE_PER_S = 0.1; // and faster, the longer nothing waits:
const FAST_PER_S = 0.2;
const FAST_MS = 3_000; // behind the begin of the rise
const FASTEST_PER_S = 0.4;
const FASTEST_MS = 6_000;
const STEADY_MS = 1_500; // behind a fall, before it rises: doubling with each rise that failed
const STEADY_MOST_MS = 7_000;
const FAILED_MS = 8_000; // a fall so soon behind the begin of a rise: it failed
const BACK_PER_S = 0.5; // up to what went before the last fall
const LASTS_MS = 250; // a wait that passes at once was none of the link's
const BUSY_MS = 160; // between two looks: this machine was busy, and its clock tells nothing of the link
const BUSY_LASTS_MS = 400;
const CALM_MS = 500; // between two falls: what was sent before the first is still on its way
const SCREEN_SHARE = 0.65; // of the picture, where both go out
const WINDOW_MS = 220; // of the rate may be on its way: the time between two pings, and some
const LEAST_WINDOW = 8_000; // bytes
const BUFFERED_MOST = 24_000; // bytes that the browser itself has not passed on

interface Ping { id: number; at: number; sent: number }

export class RateControl {
    private bps = FIRST_BPS;
    private isNarrow = false;
    private pings: Ping[] = [];
    private acked = 0;
    private ackedAt = 0;
    private rtts: Array<{ at: number; rtt: number }> = [];
    private fellAt = -Infinity;
    private roseAt = 0;
    private steadyMs = STEADY_MS;
    private longSince: number | null = null;
    private before = 0; // the rate before the last fall
    private lookedAt = 0;
    private busyAt = -Infinity;
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
        this.judge(now, waited);
        if (waited < SHORT_MS) this.rise(now);
    }

    /** Called several times a second: bytes that wait in the browser, frames that were left out since the last call. */
    look(now: number, buffered: number, leftOut: number): void {
        const oldest = this.pings[0];
        if (now - this.lookedAt > BUSY_MS) this.busyAt = now;
        this.lookedAt = now;
        if (oldest && now - oldest.at > this.shortest + LONG_MS) this.judge(now, this.waitMs(now - oldest.at));
        if (leftOut > 0 || buffered > BUFFERED_MOST) this.fall(now);
    }

    private judge(now: number, waited: number): void {
        if (waited <= LONG_MS || now - this.busyAt < BUSY_LASTS_MS) this.longSince = null;
        else if (this.longSince === null) this.longSince = now;
        else if (now - this.longSince >= LASTS_MS) this.fall(now);
    }

    /** Whether a picture may be handed to the socket now: not more than some 220 ms of the rate are on their way. */
    mayPicture(sent: number, buffered: number): boolean {
        return sent - this.acked < this.windowBytes && buffered < BUFFERED_MOST;
    }

    get bitrate(): number { return this.bps; }

    /** So little goes through that headers count: what is said travels in fewer packets. */
    get narrow(): boolean {
        this.isNarrow = this.bps < (this.isNarrow ? WIDE_BPS : NARROW_BPS);
        return this.isNarrow;
    }

    private get windowBytes(): number {
        return Math.max(LEAST_WINDOW, (this.bps / 8000) * (this.shortest + WINDOW_MS));
    }

    private get shortest(): number {
        return this.rtts.reduce((least, r) => Math.min(least, r.rtt), this.rtts.length > 0 ? Infinity : 0);
    }

    private waitMs(rtt: number): number { return Math.max(0, rtt - this.shortest); }

    private fall(now: number): void {
        if (now - this.fellAt < CALM_MS + this.shortest) return;
        const rising = now - this.fellAt - this.steadyMs;
        if (rising > 0) this.steadyMs = rising < FAILED_MS ? Math.min(2 * this.steadyMs, STEADY_MOST_MS) : STEADY_MS;
        this.before = now - this.fellAt > 5_000 ? this.bps : Math.min(this.before, this.bps);
        this.bps = Math.max(LEAST_BPS, Math.min(this.bps, this.most(now)) * FALL);
        this.fellAt = this.roseAt = now;
    }

    /** What the link takes at most, bit/s: as measured, and no more than what has got through since. */
    private most(now: number): number {
        const measured = this.takes > 0 ? this.takes * 8 : Infinity;
        const oldest = this.pings[0];
        const since = now - this.ackedAt - this.shortest;
        return oldest && this.ackedAt > 0 && since > 0 ? Math.min(measured, ((oldest.sent - this.acked) * 8000) / since) : measured;
    }

    private rise(now: number): void {
        const ms = Math.min(1_000, now - this.roseAt);
        const rising = now - this.fellAt - this.steadyMs;
        if (rising < 0) return;
        const perS = this.bps < 0.85 * this.before ? BACK_PER_S : rising > FASTEST_MS ? FASTEST_PER_S : rising > FAST_MS ? FAST_PER_S : RISE_PER_S;
        this.bps = Math.min(this.ceiling, this.bps * (1 + (perS * ms) / 1000));
        this.roseAt = now;
    }
}

/** Fewer pictures before worse ones; below 70 kbit/s none, so that the voice stays clear. */
function pictures(bps: number, most: number): Plan | null {
    if (bps < PICTURE_LEAST_BPS) return null;
    const fps = bps >= 220_000 ? 25 : bps >= 110_000 ? 15 : bps >= 60_000 ? 8 : 4;
    return { bps: Math.round(bps), fps: Math.min(fps, most) };
}

/** What each source gets of a rate. */
export function plansOf(bps: number, camera: boolean, screen: boolean, most: Rates = ALL): { voice: number; camera: Plan | null; screen: Plan | null } {
    const bound = (rate: number, by: number): number => (by > 0 ? Math.min(rate, by) : rate);
    const voice = bps < NARROW_BPS ? VOICE_LEAST_BPS : VOICE_BPS;
    const rest = bps - voice - HEADERS_BPS;
    const toScreen = screen ? (camera ? rest * SCREEN_SHARE : rest) : 0;
    return {
        voice: bound(voice, most.voice),
        screen: screen ? pictures(toScreen, 8) : null,
        camera: camera ? pictures(bound(Math.min(700_000, rest - toScreen), most.camera), 25) : null,
    };
}
