// SPDX-License-Identifier: Apache-2.0
//
// Whether media still comes, from counters that are looked at twice a second: browsers tell of a dead UDP path after
// many seconds only. What comes by UDP is compared with what the line answers: only a line that lives tells that
// UDP alone is dead. Pure, but for the runner below.
import type { WaysOwner } from './seat.ts';
import type { SignallingWorld } from './signalling.ts';

export const LOOK_MS = 500;
const SILENT_MS = 2_000;
const UNANSWERED_MS = 500; // a check that the browser has sent
const UNCOUNTED_MS = 6_000; // where checks are not counted: they come every 5 s, and nothing else where nobody speaks
const ASK_MS = 1_000; // silent for so long: the line is asked
const STALLED_MS = 2_500;
const LINE_DEAD_MS = 5_000; // nothing by either way: another line
const SUSPECT_MS = 6_000;
const SLEPT_MS = 4_000; // between two looks: the machine has slept

/** `asks`: the line is to be asked for an answer. `dead`: UDP is, and the line lives. `slept`: nothing is known yet. */
export type Found = 'flows' | 'asks' | 'dead' | 'slept';

/** `received`: any other number than at the last look is a sign of life. `checks`: sent by the browser on this path to be
 *  answered (RFC 7675), null where it does not count them. */
export interface Counters { received: number; checks: number | null }

/** The counters that matter, from getStats. */
export function countersOf(entries: Iterable<Record<string, unknown>>): Counters {
    const n = (v: unknown): number => (typeof v === 'number' && Number.isFinite(v) ? v : 0);
    const c: Counters = { received: 0, checks: null };
    for (const e of entries) {
        if (e['type'] === 'inbound-rtp') c.received += n(e['bytesReceived']);
        if (e['type'] !== 'candidate-pair' || e['nominated'] !== true) continue;
        c.received += n(e['bytesReceived']) + n(e['responsesReceived']);
        if (typeof e['requestsSent'] === 'number') c.checks = (c.checks ?? 0) + e['requestsSent'] + n(e['consentRequestsSent']);
    }
    return c;
}

export class Flow {
    private received = -1;
    private heard = -1;
    private cameAt = 0;
    private heardAt = 0;
    private lookedAt = -Infinity;
    private suspectUntil = -Infinity;
    private checks: number | null = null;
    private checkedAt: number | null = null; // the first check since media came last

    /** Nothing has come from anywhere for a while. */
    get stalled(): boolean { return this.silentMs >= STALLED_MS; }
    /** for so long nothing has come by either way */
    get silentMs(): number { return Math.max(0, this.lookedAt - Math.max(this.cameAt, this.heardAt)); }
    /** media comes, whatever the line does */
    get comes(): boolean { return this.received >= 0 && this.lookedAt - this.cameAt < SILENT_MS; }
    get suspects(): boolean { return this.lookedAt < this.suspectUntil; }

    /** The network changed: half the silence is enough. */
    suspect(now: number): void { this.suspectUntil = now + SUSPECT_MS; }

    /** `udp` null: media does not go by UDP; `heard`: messages of the line. All only grow. */
    look(now: number, udp: Counters | null, heard: number): Found {
        const received = udp?.received ?? null;
        const slept = now - this.lookedAt > SLEPT_MS;
        const first = this.lookedAt === -Infinity;
        this.lookedAt = now;
        if (slept || (received === null) !== (this.received < 0)) this.begin(now, udp, heard);
        if (slept) return first ? 'flows' : 'slept';
        if (heard !== this.heard) { this.heard = heard; this.heardAt = now; }
        if (received !== null && received !== this.received) {
            this.received = received;
            this.cameAt = now;
            this.checkedAt = null;
        } else if (udp && udp.checks !== this.checks) this.checkedAt ??= now;
        this.checks = udp?.checks ?? null;
        const silent = now - (received === null ? this.heardAt : this.cameAt);
        if (silent < ASK_MS) return 'flows';
        if (received === null || !this.unanswered(now, silent)) return 'asks';
        return this.heardAt >= this.cameAt + ASK_MS ? 'dead' : 'asks';
    }

    /** Another media connection: nothing of the old one counts. */
    anew(): void {
        this.received = -1;
    }

    private begin(now: number, udp: Counters | null, heard: number): void {
        this.received = udp?.received ?? -1;
        this.checks = udp?.checks ?? null;
        this.heard = heard;
        this.cameAt = this.heardAt = now;
        this.checkedAt = null;
    }

    private unanswered(now: number, silent: number): boolean {
        if (this.checks === null) return silent >= UNCOUNTED_MS;
        return silent >= (this.suspects ? SILENT_MS / 2 : SILENT_MS) && this.checkedAt !== null && now - this.checkedAt >= UNANSWERED_MS;
    }
}

type Stats = Pick<RTCPeerConnection, 'getStats'>;

export interface FlowOwner {
    line: Pick<WaysOwner['line'], 'ready' | 'heard' | 'ping' | 'restart'>;
    /** what is connected, by which way; null while nothing is */
    media: () => { udp: Stats | null } | null;
    /** UDP is dead and the line lives; `suspected`: the network had just changed */
    dead: (suspected: boolean) => void;
    slept: () => void;
    /** `stalled`, or whether media comes */
    changed: () => void;
}

/** Looks as long as it is not stopped. */
export class FlowWatch {
    readonly flow = new Flow();
    /** nothing comes by either way just now */
    stalled = false;
    private comes = false;
    private stopTimer: () => void;
    private stopped = false;
    private stats: Stats | null = null;

    constructor(private readonly world: Pick<SignallingWorld, 'later' | 'now'>, private readonly owner: FlowOwner) {
        this.stopTimer = world.later(LOOK_MS, () => void this.look());
    }

    stop(): void {
        this.stopped = true;
        this.stopTimer();
    }

    private async look(): Promise<void> {
        this.stopTimer = this.world.later(LOOK_MS, () => void this.look());
        const stats = this.owner.media()?.udp ?? null;
        const entries: Array<Record<string, unknown>> = [];
        if (stats) (await stats.getStats()).forEach((e: Record<string, unknown>) => entries.push(e));
        if (this.stopped || stats !== (this.owner.media()?.udp ?? null)) return;
        if (stats !== this.stats) this.flow.anew();
        this.stats = stats;
        this.found(this.flow.look(this.world.now(), stats ? countersOf(entries) : null, this.owner.line.heard));
    }

    private found(f: Found): void {
        const { flow, owner } = this;
        if (f === 'asks' || f === 'slept') owner.line.ping();
        if (f === 'slept') owner.slept();
        const stalled = flow.stalled && owner.media() !== null;
        const changed = stalled !== this.stalled || flow.comes !== this.comes;
        this.stalled = stalled;
        this.comes = flow.comes;
        if (changed) owner.changed();
        if (flow.silentMs >= LINE_DEAD_MS && owner.line.ready) owner.line.restart();
        else if (f === 'dead') owner.dead(flow.suspects);
    }
}
