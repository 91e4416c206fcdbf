// SPDX-License-Identifier: Apache-2.0
//
// A seat whose media may take either way, on time that the test turns.
import type { Lack } from '../../src/core/frames/features.ts';
import type { FramesLink } from '../../src/core/frames/link.ts';
import type { SessionView } from '../../src/core/seat.ts';
import { LessonSession } from '../../src/core/session.ts';
import type { Way } from '../../src/core/way.ts';
import { FakeFrames, FakePeer, FakeWorld, settle } from './fakes.ts';
import { joined } from './made.ts';

const welcome = { type: 'welcome', protocol: 'parta.1', now: 1, user: 21, name: 'Misha', ping_s: 2 } as const;

export class WaysLab {
    readonly world = new FakeWorld();
    /** what is remembered */
    way: Way = 'udp';
    udpOpen = false;
    possible = true;
    lack: Lack | null = null;
    looks = 0;
    readonly links: FakeFrames[] = [];
    readonly faults: string[] = [];
    view: SessionView | null = null;
    session!: LessonSession;
    bytes = 0;

    begin(): void {
        this.session = new LessonSession({
            url: 'wss://parta.invalid/ws', lesson: 310, plan: { audio: 2, video: 2, screen: 1 }, takeOver: false,
            token: { read: () => null, write: () => undefined }, changed: (v) => { this.view = v; }, fault: (what) => this.faults.push(what),
            world: this.world, now: () => this.world.ms,
            frames: {
                possible: () => this.possible,
                lack: () => this.lack,
                make: (plan, handlers) => {
                    const link = new FakeFrames(plan, handlers);
                    this.links.push(link);
                    return link as unknown as FramesLink;
                },
                memory: { read: () => this.way, write: (w) => { this.way = w; } },
                udpOpen: () => { this.looks++; return Promise.resolve(this.udpOpen); },
            },
        });
    }
    async sit(): Promise<void> {
        this.world.last.open();
        this.world.last.hear(welcome);
        await settle();
        this.world.last.hear(joined());
        await settle();
    }
    /** An answer that comes at once: nobody is waited for. */
    async answer(): Promise<void> {
        this.world.last.hear({ type: 'answer', sdp: 'v=0' });
        await settle();
    }
    /** Time goes by on a line that lives. */
    pass(ms: number): void {
        for (let i = 0; i < ms; i += 500) {
            this.world.last.hear({ type: 'pong', id: 1, now: 1 });
            this.world.pass(500);
        }
    }
    /** Time goes by in which UDP carries bytes, or does not. */
    async flow(ms: number, udp: boolean): Promise<void> {
        for (let i = 0; i < ms; i += 500) {
            if (udp) this.bytes++;
            FakePeer.last.stats = [{ type: 'candidate-pair', nominated: true, bytesReceived: this.bytes, requestsSent: Math.floor(this.world.ms / 1000) }];
            this.pass(500);
            await settle();
        }
    }
    /** Connected by UDP. */
    async onUdp(): Promise<void> {
        await this.sit();
        await this.answer();
        FakePeer.last.become('connected');
    }
    /** On the WebSocket, because UDP did not connect. */
    async fallBack(): Promise<void> {
        await this.sit();
        await this.answer();
        this.pass(1_500);
        this.world.last.hear({ type: 'frames' });
        await settle();
    }
}
