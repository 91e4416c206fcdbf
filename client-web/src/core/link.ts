// SPDX-License-Identifier: Apache-2.0
//
// What this client measures of its own link, from two snapshots of getStats, as numbers for the
// server and as one word for the screen.
import type { Way } from './way.ts';

export interface LinkSample {
    at: number; // ms
    bytesUp: number;
    bytesDown: number;
    packetsDown: number;
    lostDown: number;
    rttMs: number;
}

export interface LinkReport {
    loss_permille: number;
    rtt_ms: number;
    up_kbps: number;
    down_kbps: number;
}

export type LinkWord = 'good' | 'fair' | 'weak' | 'gone';

type StatsEntry = Record<string, unknown> & { type?: string };

function num(v: unknown): number {
    return typeof v === 'number' && Number.isFinite(v) ? v : 0;
}

/** Sums what getStats tells about all streams of one connection. */
export function sampleOf(entries: Iterable<StatsEntry>, at: number): LinkSample {
    const s: LinkSample = { at, bytesUp: 0, bytesDown: 0, packetsDown: 0, lostDown: 0, rttMs: 0 };
    for (const e of entries) {
        if (e.type === 'outbound-rtp') s.bytesUp += num(e['bytesSent']);
        if (e.type === 'inbound-rtp') {
            s.bytesDown += num(e['bytesReceived']);
            s.packetsDown += num(e['packetsReceived']);
            s.lostDown += Math.max(0, num(e['packetsLost']));
        }
        if (e.type === 'candidate-pair' && e['nominated'] === true)
            s.rttMs = Math.round(num(e['currentRoundTripTime']) * 1000);
    }
    return s;
}

const clamp = (v: number, max: number): number => Math.min(max, Math.max(0, Math.round(v)));

export function reportOf(before: LinkSample, now: LinkSample): LinkReport {
    const ms = Math.max(1, now.at - before.at);
    const lost = now.lostDown - before.lostDown;
    const all = lost + now.packetsDown - before.packetsDown;
    return {
        loss_permille: all > 0 ? clamp((1000 * lost) / all, 1000) : 0,
        rtt_ms: clamp(now.rttMs, 60_000),
        up_kbps: clamp(((now.bytesUp - before.bytesUp) * 8) / ms, 100_000),
        down_kbps: clamp(((now.bytesDown - before.bytesDown) * 8) / ms, 100_000),
    };
}

/** One word for four bars: full, two, one, struck through. */
export function linkWord(r: LinkReport | null, connected: boolean): LinkWord {
    if (!connected) return 'gone';
    if (!r) return 'good';
    if (r.loss_permille >= 100 || r.rtt_ms >= 800) return 'weak';
    if (r.loss_permille >= 30 || r.rtt_ms >= 300) return 'fair';
    return 'good';
}

/** What the screen says of the link: the word, unless something more is to be told. */
export type LinkSign = LinkWord | 'paused' | 'reserve';

/** `slots`: as the server tells them; step 0 of a picture: it waits, so that the voice stays clear. */
export function linkSign(word: LinkWord, way: Way, slots: ReadonlyArray<{ member: number; step?: number | null }>): LinkSign {
    if (word === 'gone') return word;
    if (slots.some((s) => s.member !== 0 && s.step === 0)) return 'paused';
    return way === 'frames' && word !== 'weak' ? 'reserve' : word;
}
