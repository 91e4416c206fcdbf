// SPDX-License-Identifier: Apache-2.0
//
// Puts a call off: until release(), or until its time is over.
import type { SignallingWorld } from './signalling.ts';

export class Hold {
    private stop: (() => void) | null = null;

    constructor(
        private readonly world: Pick<SignallingWorld, 'later'>,
        private readonly ms: number,
        private readonly run: () => void,
    ) {}

    get on(): boolean {
        return this.stop !== null;
    }

    start(): void {
        this.stop ??= this.world.later(this.ms, () => this.release());
    }

    /** Runs the call now if it was put off. */
    release(): void {
        if (!this.stop) return;
        this.stop();
        this.stop = null;
        this.run();
    }
}
