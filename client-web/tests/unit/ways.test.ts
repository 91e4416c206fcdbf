// SPDX-License-Identifier: Apache-2.0
//
// Which way the media of a seat takes: UDP first, the WebSocket where UDP does not get through, and back.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Lack } from '../../src/core/frames/features.ts';
import type { FramesLink } from '../../src/core/frames/link.ts';
import type { SessionView } from '../../src/core/seat.ts';
import { LessonSession } from '../../src/core/session.ts';
import type { Way } from '../../src/core/way.ts';
import { FakeFrames, FakePeer, FakeReceiver, FakeWorld, settle } from './fakes.ts';
import { joined } from './made.ts';

const welcome = { type: 'welcome', protocol: 'parta.1', now: 1, user: 21, name: 'Misha', ping_s: 2 } as const;

describe('the way of the media', () => {
    let world: FakeWorld;
    let way: Way;
    let udpOpen: boolean;
    let possible: boolean;
    let lack: Lack | null;
    let looks: number;
    let bytes = 0;
    let links: FakeFrames[];
    let view: SessionView | null;
    let session: LessonSession;
    const faults: string[] = [];

    const begin = (): void => {
        session = new LessonSession({
            url: 'wss://parta.invalid/ws', lesson: 310, plan: { audio: 2, video: 2, screen: 1 }, takeOver: false,
            token: { read: () => null, write: () => undefined }, changed: (v) => { view = v; }, fault: (what) => faults.push(what), world, now: () => world.ms,
            frames: {
                possible: () => possible,
                lack: () => lack,
                make: (plan, handlers) => {
                    const link = new FakeFrames(plan, handlers);
                    links.push(link);
                    return link as unknown as FramesLink;
                },
                memory: { read: () => way, write: (w) => { way = w; } },
                udpOpen: () => { looks++; return Promise.resolve(udpOpen); },
            },
        });
    };
    const sit = async (): Promise<void> => {
        world.last.open();
        world.last.hear(welcome);
        await settle();
        world.last.hear(joined());
        await settle();
    };
    /** An answer that comes at once: nobody is waited for. */
    const answer = async (): Promise<void> => {
        world.last.hear({ type: 'answer', sdp: 'v=0' });
        await settle();
    };
    /** Time goes by on a line that lives. */
    const pass = (ms: number): void => {
        for (let i = 0; i < ms; i += 500) {
            world.last.hear({ type: 'pong', id: 1, now: 1 });
            world.pass(500);
        }
    };
    /** Time goes by in which UDP carries bytes, or does not. */
    const flow = async (ms: number, udp: boolean): Promise<void> => {
        for (let i = 0; i < ms; i += 500) {
            if (udp) bytes++;
            FakePeer.last.stats = [{ type: 'candidate-pair', nominated: true, bytesReceived: bytes, requestsSent: Math.floor(world.ms / 1000) }];
            pass(500);
            await settle();
        }
    };
    /** Connected by UDP. */
    const onUdp = async (): Promise<void> => {
        await sit();
        await answer();
        FakePeer.last.become('connected');
    };
    /** On the WebSocket, because UDP did not connect. */
    const fallBack = async (): Promise<void> => {
        await sit();
        await answer();
        pass(1_500);
        world.last.hear({ type: 'frames' });
        await settle();
    };

    beforeEach(() => {
        vi.stubGlobal('RTCPeerConnection', FakePeer);
        vi.stubGlobal('RTCRtpReceiver', FakeReceiver);
        FakePeer.all = [];
        world = new FakeWorld();
        way = 'udp';
        udpOpen = false;
        possible = true;
        lack = null;
        looks = 0;
        links = [];
        view = null;
    });
    afterEach(() => {
        session.dispose();
        expect(faults).toEqual([]);
        expect(world.waiting, 'no timer is left').toBe(0);
        vi.unstubAllGlobals();
    });

    it('a voice that is to take less does so', async () => {
        begin();
        await sit();
        await answer();
        world.last.hear({ type: 'voice', bps: 16000 });
        await settle();
        expect(FakePeer.last.voiceMost).toBe(16000);
        world.last.hear({ type: 'voice', bps: 0 });
        await settle();
        expect(FakePeer.last.voiceMost).toBeUndefined();
    });

    it('is UDP where it connects in time', async () => {
        begin();
        await sit();
        await answer();
        FakePeer.last.become('connecting');
        pass(1_000);
        FakePeer.last.become('connected');
        await flow(60_000, true);
        expect([world.last.types.includes('frames'), view?.way, looks, links.map((l) => l.did)]).toEqual([false, 'udp', 0, [['close']]]);
    });
    it('is the WebSocket soon after an answer that led nowhere, on the same line, made ready meanwhile', async () => {
        begin();
        await session.setSource('mic', { kind: 'audio' } as MediaStreamTrack);
        await sit();
        await answer();
        FakePeer.last.become('connecting');
        pass(1_000);
        expect([world.last.types.includes('frames'), links.length]).toEqual([false, 1]);
        pass(500);
        expect(world.last.types.filter((t) => t === 'frames')).toEqual(['frames']);
        expect([world.sockets.length, FakePeer.last.connectionState, way]).toEqual([1, 'closed', 'frames']);
        world.last.hear({ type: 'frames' });
        world.last.hear({ type: 'slots', slots: [{ mid: '0', member: 2 }] });
        world.last.hear({ type: 'key_frame', source: 'camera' });
        expect(links[0]?.did).toEqual(['mic', 'begin', 'slots 1', 'key camera']);
        expect([view?.link, view?.way, view?.lesson.phase]).toEqual(['connected', 'frames', 'seated']);
    });
    it('is the WebSocket at once where a reload finds that UDP had failed', async () => {
        way = 'frames';
        begin();
        await sit();
        expect([world.last.types, FakePeer.all.length]).toEqual([['join', 'frames', 'state'], 0]);
        world.last.hear({ type: 'frames' });
        pass(39_500);
        expect(looks).toBe(0);
        pass(1_000);
        expect(looks).toBe(1);
    });
    it('waits for the keys where the first check came back', async () => {
        begin();
        await sit();
        await answer();
        FakePeer.last.reach();
        pass(2_500);
        expect(world.last.types).not.toContain('frames');
        pass(500);
        expect(world.last.types).toContain('frames');
    });
    it('does not wait at all where UDP was found shut while the mentor was waited for', async () => {
        begin();
        await sit();
        pass(10_000);
        await settle();
        expect([looks, world.last.types.includes('frames'), links.length]).toEqual([1, false, 1]);
        await answer();
        expect([world.last.types.includes('frames'), links.length]).toEqual([true, 1]);
    });
    it('is tried by UDP where that was found open while the mentor was waited for', async () => {
        udpOpen = true;
        begin();
        await sit();
        pass(10_000);
        await settle();
        await answer();
        FakePeer.last.become('connected');
        expect([looks, links.length, view?.way]).toEqual([1, 0, 'udp']);
    });
    it('does not wait where UDP says no by itself', async () => {
        begin();
        await sit();
        await answer();
        FakePeer.last.become('failed');
        expect(world.last.types).toContain('frames');
    });
    it('looks for UDP soon, then ever more seldom, and at once when the network changes', async () => {
        begin();
        await fallBack();
        pass(7_000);
        await settle();
        expect(looks).toBe(1);
        pass(39_500);
        await settle();
        expect(looks).toBe(1);
        pass(1_000);
        await settle();
        expect(looks).toBe(2);
        session.wake();
        pass(1_000);
        await settle();
        expect([looks, view?.way]).toEqual([3, 'frames']);
    });
    it('goes back to UDP when that has opened, on the same line; what is shown stays until the new slots', async () => {
        begin();
        await fallBack();
        world.last.hear({ type: 'slots', slots: [{ mid: '2', member: 2 }] });
        udpOpen = true;
        session.wake();
        pass(1_000);
        await settle();
        expect(world.last.types.filter((t) => t === 'offer').length).toBe(2);
        expect(session.lineOf('2')).toBe('video'); // still of the other one
        await answer();
        FakePeer.last.become('connected');
        world.last.hear({ type: 'slots', slots: [{ mid: '5', member: 2 }] });
        expect([world.sockets.length, view?.way, way, session.lineOf('5'), links[0]?.did.at(-1)]).toEqual([1, 'udp', 'udp', 'video', 'close']);
        await flow(100_000, true);
        expect(looks).toBe(1);
    });
    it('is the WebSocket again where UDP looked open and was not', async () => {
        begin();
        await fallBack();
        udpOpen = true;
        session.wake();
        pass(1_000);
        await settle();
        await answer();
        pass(1_500);
        expect([world.last.types.filter((t) => t === 'frames').length, view?.way]).toEqual([2, 'frames']);
    });
    it('changes to the WebSocket when UDP dies in the middle of the lesson and the line lives', async () => {
        begin();
        await sit();
        await answer();
        FakePeer.last.become('connected');
        pass(10_000);
        FakePeer.last.become('disconnected');
        pass(1_500);
        expect([world.last.types.includes('frames'), world.sockets.length]).toEqual([true, 1]);
    });
    it('changes within some two seconds where nothing comes by UDP and the line lives, long before the browser tells', async () => {
        begin();
        await onUdp();
        await flow(10_000, true);
        await flow(1_500, false);
        expect(view?.way).toBe('udp');
        await flow(1_000, false);
        expect([view?.way, world.last.types.at(-1), world.sockets.length]).toEqual(['frames', 'frames', 1]);
    });
    it('makes a new offer by UDP first where the network has just changed', async () => {
        begin();
        await onUdp();
        await flow(10_000, true);
        session.wake();
        await flow(2_000, false);
        expect([view?.way, world.last.types.filter((t) => t === 'offer').length, world.sockets.length]).toEqual(['udp', 2, 1]);
    });
    it('looks later for UDP each time it has died', async () => {
        begin();
        await onUdp();
        await flow(10_000, true);
        for (const [death, looked] of [[0, 40_000], [1, 80_000]] as const) {
            await flow(2_500, false);
            world.last.hear({ type: 'frames' });
            const before = looks;
            udpOpen = true;
            pass(looked - 500);
            await settle();
            expect([death, looks - before]).toEqual([death, 0]);
            pass(1_000);
            await settle();
            expect([death, looks - before]).toEqual([death, 1]);
            await answer();
            FakePeer.last.become('connected');
            await flow(3_000, true);
        }
    });
    it('takes another line when both are dead, and says soon that nothing comes', async () => {
        begin();
        await onUdp();
        await flow(2_000, true);
        for (let i = 0; i < 6; i++) { world.pass(500); await settle(); }
        expect([view?.stalled, view?.way, world.sockets.length]).toEqual([true, 'udp', 1]);
        for (let i = 0; i < 5; i++) { world.pass(500); await settle(); }
        expect([world.sockets.length, world.sockets[0]?.types.includes('frames'), view?.way]).toEqual([2, false, 'udp']);
    });
    it('lets media by UDP go on where only the line is dead', async () => {
        begin();
        await onUdp();
        for (let i = 0; i < 24; i++) {
            FakePeer.last.stats = [{ type: 'candidate-pair', nominated: true, bytesReceived: ++bytes }];
            world.pass(500);
            await settle();
        }
        expect([view?.lesson.phase, view?.flows, view?.stalled, world.sockets.length > 1, FakePeer.all.length]).toEqual(['reconnecting', true, false, true, 1]);
    });
    it('says what is missing, and stays with UDP where nothing else is possible', async () => {
        possible = false;
        begin();
        await sit();
        await answer();
        pass(1_500);
        expect([world.last.types.includes('frames'), view?.lack]).toEqual([false, null]); // a slow line is no shut one
        pass(4_000);
        expect([world.last.types.includes('frames'), view?.lack]).toEqual([false, 'nothing_works']);
        FakePeer.last.become('connected');
        expect(view?.lack).toBeNull();
    });
    it('says what is missing of the WebSocket while it is in use', async () => {
        lack = 'not_seen';
        begin();
        await fallBack();
        expect(view?.lack).toBe('not_seen');
    });
    it('takes another line when the server refuses', async () => {
        begin();
        await fallBack();
        world.last.hear({ type: 'error', code: 'not_now', re: 'frames', field: '', detail: '' });
        expect(world.sockets.length).toBe(2);
    });
});
