// SPDX-License-Identifier: Apache-2.0
//
// Looks now and then whether UDP has opened, ever more seldom, and the more so where it has opened and
// died before: media that changes its way often is worse than media on the second best one.
import type { SignallingWorld } from './signalling.ts';
import { LOOK_AGAIN, lookPause } from './way.ts';

const SOON_MS = 1_000;
const FORGIVEN_MS = 10 * 60_000; // without a death

export class UdpLook {
    private stop: (() => void) | null = null;
    private n: number;
    private deaths = 0;
    private diedAt = -Infinity;
    private looking = false;
    private changed = false; // the network, while a look went on

    /** `known`: UDP was found shut lately. */
    constructor(private readonly world: SignallingWorld, private readonly open: () => Promise<boolean>, private readonly told: (open: boolean) => void, known: boolean) {
        this.n = known ? LOOK_AGAIN : 0;
    }

    /** The next look, after its pause. */
    next(): void {
        if (this.changed) this.soon();
        else this.in(lookPause(this.n, this.world.random));
    }

    /** Another network: what was found does not hold. */
    soon(): void {
        this.changed = this.looking;
        if (this.looking) return;
        this.n = 0;
        this.in(SOON_MS);
    }

    now(): void { void this.look(); }

    /** UDP did not connect, or connected. */
    anew(): void {
        this.n = 0;
        this.end();
    }

    /** UDP had connected and died. */
    died(): void {
        const now = this.world.now();
        this.deaths = now - this.diedAt < FORGIVEN_MS ? this.deaths + 1 : 0;
        this.diedAt = now;
        this.n = LOOK_AGAIN + this.deaths;
    }

    end(): void {
        this.stop?.();
        this.stop = null;
    }

    private in(ms: number): void {
        this.stop?.();
        this.stop = this.world.later(ms, () => { void this.look(); });
    }

    private async look(): Promise<void> {
        if (this.looking) return;
        this.end();
        this.changed = false;
        this.looking = true;
        const open = await this.open();
        this.looking = false;
        this.n++;
        this.told(open);
    }
}
