// SPDX-License-Identifier: Apache-2.0
//
// How long voices over UDP wait for late and repeated packets. A browser's own buffer follows the jitter of what comes,
// not what is lost in bursts: on such a line it stays short, and repeats come too late to be heard. Where much of a voice
// is made up the wait grows, step by step; where nothing was for half a minute it shrinks again. Pure.

export const LOOK_MS = 2_000;
const STEP_MS = 80;
const LEAST_MS = 160;
const MOST_MS = 400; // longer is no conversation any more
const MANY = 0.02; // of the samples were made up ...
const FEW = 0.005;
const CALM_MS = 30_000;
const SETTLE_MS = 3 * LOOK_MS; // what a step did is heard after that
const HEARD = 48_000 / 2; // samples: less of a voice says nothing

/** What all voices of a connection have played so far. Silence that was made up for silence does not count. */
interface Played { samples: number; madeUp: number; delay: number; emitted: number }

type Entry = Record<string, unknown>;

function playedOf(entries: Iterable<Entry>): Played {
    const n = (v: unknown): number => (typeof v === 'number' && Number.isFinite(v) ? v : 0);
    const p: Played = { samples: 0, madeUp: 0, delay: 0, emitted: 0 };
    for (const e of entries) {
        if (e['type'] !== 'inbound-rtp' || e['kind'] !== 'audio') continue;
        p.samples += n(e['totalSamplesReceived']);
        p.madeUp += Math.max(0, n(e['concealedSamples']) - n(e['silentConcealedSamples']));
        p.delay += n(e['jitterBufferDelay']);
        p.emitted += n(e['jitterBufferEmittedCount']);
    }
    return p;
}

export class Patience {
    /** 0: as the browser likes */
    waitMs = 0;
    private before: Played | null = null;
    private heldMs = 0; // as the browser does it
    private bad = 0;
    private changedAt = -Infinity;
    private calmSince = -Infinity;

    /** True if waitMs changed. */
    look(now: number, entries: Iterable<Entry>): boolean {
        const { before } = this;
        const p = playedOf(entries);
        const samples = p.samples - (before?.samples ?? 0), emitted = p.emitted - (before?.emitted ?? 0);
        if (before && emitted > 0) this.heldMs = (1000 * (p.delay - before.delay)) / emitted;
        this.before = p;
        if (!before || samples < HEARD) {
            this.calmSince = now;
            return false;
        }
        const share = (p.madeUp - before.madeUp) / samples;
        this.bad = share > MANY ? this.bad + 1 : share < FEW ? 0 : this.bad;
        if (share >= FEW) this.calmSince = now;
        if (this.bad >= 2 && now - this.changedAt >= SETTLE_MS) return this.change(now, Math.min(MOST_MS, Math.max(LEAST_MS, this.waitMs, this.heldMs) + STEP_MS));
        if (this.waitMs > 0 && now - this.calmSince >= CALM_MS) return this.change(now, this.waitMs - STEP_MS);
        return false;
    }

    private change(now: number, ms: number): boolean {
        const to = ms <= LEAST_MS ? 0 : Math.round(ms);
        this.changedAt = this.calmSince = now;
        this.bad = 0;
        if (to === this.waitMs) return false;
        this.waitMs = to;
        return true;
    }
}
