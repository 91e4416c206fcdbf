// SPDX-License-Identifier: Apache-2.0
//
// How fast filler goes one way: sizes that grow with what has come back, two messages under way at a
// time, a bounded time and a bounded number of bytes. Pure: it sends nothing and has no clock.
import { LIMITS } from './protocol.gen.ts';

export const RATE_MS = 1_500;
/** One way; both ways of a test stay under a megabyte. */
export const RATE_BYTES = 448 * 1024;
export const UNDER_WAY = 2;
const FIRST_BYTES = 2_048;
const LEAST_BYTES = 1_024;
/** A message is to take no longer than this, so that a narrow line is not stuffed for long. */
const MESSAGE_S = 0.25;
const MAX_KBPS = 1_000_000;

interface Sent { id: number; bytes: number; at: number }
interface Came { bytes: number; at: number; took: number }

export class RateTrain {
    private underWay: Sent[] = [];
    private came: Came[] = [];
    private sentBytes = 0;
    private size = FIRST_BYTES;
    private begun: number | null = null;

    /** `rttMs`: what a message without filler takes. */
    constructor(private readonly rttMs: number, private nextId: number) {}

    /** The next message to send now, or null: enough is under way, or it is over. */
    next(now: number): { id: number; bytes: number } | null {
        this.begun ??= now;
        if (this.underWay.length >= UNDER_WAY || this.closed(now)) return null;
        const message = { id: this.nextId++, bytes: this.size, at: now };
        this.underWay.push(message);
        this.sentBytes += message.bytes;
        return { id: message.id, bytes: message.bytes };
    }

    /** An answer came; those of others are left alone. */
    back(id: number, now: number): void {
        const i = this.underWay.findIndex((s) => s.id === id);
        const sent = this.underWay[i];
        if (!sent) return;
        this.underWay.splice(i, 1);
        const since = Math.max(sent.at + this.rttMs, this.came.at(-1)?.at ?? 0);
        const took = Math.max(1, now - since);
        this.came.push({ bytes: sent.bytes, at: now, took });
        const fits = (sent.bytes / took) * 1000 * MESSAGE_S;
        this.size = Math.round(Math.min(LIMITS.measure_bytes, this.size * 2, Math.max(LEAST_BYTES, fits)));
    }

    /** No further message: time or bytes are used up. */
    private closed(now: number): boolean {
        return this.sentBytes + this.size > RATE_BYTES || (this.begun !== null && now - this.begun >= RATE_MS);
    }

    done(now: number): boolean {
        return this.begun !== null && this.closed(now) && (this.underWay.length === 0 || now - this.begun >= 2 * RATE_MS);
    }

    /** From the larger half of what came, where the line was full; null when nothing came. */
    kbps(): number | null {
        if (this.came.length === 0) return null;
        const best = [...this.came].sort((a, b) => b.bytes - a.bytes).slice(0, Math.ceil(this.came.length / 2));
        const bytes = best.reduce((n, c) => n + c.bytes, 0);
        const ms = best.reduce((n, c) => n + c.took, 0);
        return Math.min(MAX_KBPS, Math.round((bytes * 8) / ms));
    }
}
