// SPDX-License-Identifier: Apache-2.0
//
// Looks at a connection's statistics every few seconds and tells what the link was like between two
// looks. A look that finds no connection starts anew.
import { reportOf, sampleOf, type LinkReport, type LinkSample } from './link.ts';
import { LIMITS } from './protocol.gen.ts';
import type { SignallingWorld } from './signalling.ts';

const EVERY_MS = LIMITS.link_interval_ms + 500; // the server refuses reports that come too fast

/** The connection to look at, or null while there is none. */
type Look = () => Pick<RTCPeerConnection, 'getStats'> | null;

export class LinkMeter {
    private before: { pc: unknown; sample: LinkSample } | null = null;
    private stopTimer: () => void;
    private stopped = false;

    constructor(
        private readonly world: Pick<SignallingWorld, 'later'>,
        private readonly now: () => number,
        private readonly look: Look,
        private readonly tell: (r: LinkReport) => void,
    ) {
        this.stopTimer = world.later(EVERY_MS, () => void this.measure());
    }

    stop(): void {
        this.stopped = true;
        this.stopTimer();
    }

    private async measure(): Promise<void> {
        this.stopTimer = this.world.later(EVERY_MS, () => void this.measure());
        const pc = this.look();
        if (!pc) {
            this.before = null;
            return;
        }
        const entries: Array<Record<string, unknown>> = [];
        (await pc.getStats()).forEach((e: Record<string, unknown>) => entries.push(e));
        if (this.stopped || this.look() !== pc) return;
        const sample = sampleOf(entries, this.now());
        if (this.before?.pc === pc && sample.at > this.before.sample.at) this.tell(reportOf(this.before.sample, sample));
        this.before = { pc, sample };
    }
}
