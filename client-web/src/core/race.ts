// SPDX-License-Identifier: Apache-2.0
//
// The wait for UDP to connect, from asking for media on: how long, when the other way is made ready
// meanwhile, and when it is given up. Timers only.
import type { SignallingWorld } from './signalling.ts';
import { raceMs } from './way.ts';

const KEYS_MS = 3_000; // from the first sign of UDP to its keys (DTLS)
const READY_MS = 250; // behind the answer
const WAIT_MS = 1_000; // an answer that is not there yet waits for the mentor: time to look

export interface RaceOwner {
    /** time to look whether UDP is open */
    look: () => void;
    /** the other way may be needed */
    ready: () => void;
    lost: () => void;
}

export class Race {
    private stops: Array<() => void> = [];
    private running = false; // answered
    private shut = false;
    private has = false; // a sign of UDP

    constructor(private readonly world: Pick<SignallingWorld, 'later'>, private readonly owner: RaceOwner) {}

    /** Media is asked for. */
    begin(): void {
        this.end();
        this.shut = this.has = false;
        this.in(WAIT_MS, () => { this.owner.look(); });
    }

    answered(rttMs: number | null): void {
        this.end();
        this.running = true;
        if (this.shut) {
            this.owner.lost();
            return;
        }
        this.in(raceMs(rttMs), () => { this.owner.lost(); });
        this.in(READY_MS, () => { this.owner.ready(); });
    }

    /** The first check came back. */
    reached(): void {
        if (!this.running) return;
        this.end();
        this.has = this.running = true;
        this.in(KEYS_MS, () => { this.owner.lost(); });
    }

    /** A look found UDP shut: it is not waited for. */
    foundShut(): void {
        if (this.has) return;
        this.shut = true;
        if (this.running) this.owner.lost();
        else this.owner.ready();
    }

    end(): void {
        this.stops.forEach((stop) => { stop(); });
        this.stops = [];
        this.running = false;
    }

    private in(ms: number, run: () => void): void { this.stops.push(this.world.later(ms, run)); }

    /** Something else, instead of all this. */
    after(ms: number, run: () => void): void {
        this.end();
        this.in(ms, run);
    }
}
