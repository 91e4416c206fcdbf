// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionView } from '../../src/core/seat.ts';
import { LessonSession } from '../../src/core/session.ts';
import { FakePeer, FakeReceiver, FakeWorld, settle } from './fakes.ts';
import { joined } from './made.ts';

const welcome = { type: 'welcome', protocol: 'parta.1', now: 1, user: 21, name: 'Misha', ping_s: 2 } as const;
const track = (name: string): MediaStreamTrack => ({ name }) as unknown as MediaStreamTrack;

describe('a seat in a lesson', () => {
    let world: FakeWorld;
    let token: string | null;
    let faults: string[];
    let view: SessionView | null;
    let session: LessonSession;

    const begin = (takeOver = false): void => {
        session = new LessonSession({
            url: 'wss://parta.invalid/ws', lesson: 310, plan: { audio: 2, video: 2, screen: 1 }, takeOver,
            token: { read: () => token, write: (t) => { token = t; } },
            changed: (v) => { view = v; }, fault: (what) => faults.push(what), world, now: () => world.ms,
        });
    };
    /** Opens the newest socket and is welcomed on it. */
    const reach = async (): Promise<void> => {
        world.last.open();
        world.last.hear(welcome);
        await settle();
    };
    const sit = async (): Promise<void> => {
        await reach();
        world.last.hear(joined());
        await settle();
        world.pass(50); // no answer comes
    };

    beforeEach(() => {
        vi.stubGlobal('RTCPeerConnection', FakePeer);
        vi.stubGlobal('RTCRtpReceiver', FakeReceiver);
        FakePeer.all = [];
        world = new FakeWorld();
        token = null;
        faults = [];
        view = null;
        begin();
    });
    afterEach(() => {
        expect(faults).toEqual([]);
        session.dispose();
        expect(world.waiting, 'no timer is left').toBe(0);
        vi.unstubAllGlobals();
    });

    it('joins and offers without waiting for the seat', async () => {
        await reach();
        expect(world.last.said).toEqual([{ type: 'join', lesson: 310, take_over: false }, { type: 'offer', sdp: 'offer 0' }]);
    });

    it('lays its lines as the protocol says', () => {
        expect(FakePeer.last.getTransceivers().map((t) => `${t.kind} ${t.direction}`)).toEqual(['audio sendonly', 'video sendonly', 'video sendonly',
            'audio recvonly', 'audio recvonly', 'video recvonly', 'video recvonly', 'video recvonly']);
        expect(['3', '4', '5', '6', '7'].map((mid) => { FakePeer.last.getTransceivers().forEach((t, i) => { t.mid = String(i); }); return session.lineOf(mid); }))
            .toEqual(['audio', 'audio', 'video', 'video', 'screen']);
    });

    it('sends one layer of its camera until others are asked for', async () => {
        await sit();
        const camera = FakePeer.last.getTransceivers()[1];
        const on = (): unknown => camera?.sender.getParameters().encodings.map((e) => e.active !== false);
        expect(on()).toEqual([false, true]);
        world.last.hear({ type: 'answer', sdp: 'v=0' });
        await settle();
        expect(on(), 'an answer changes nothing').toEqual([false, true]);
        world.last.hear({ type: 'layers', camera: 3 });
        await settle();
        expect(on()).toEqual([true, true]);
        world.last.hear({ type: 'layers', camera: 1 });
        await settle();
        expect(on()).toEqual([true, false]);
    });

    it('keeps the token of the seat and says what it sends', async () => {
        await sit();
        expect([token, view?.lesson.phase]).toEqual(['token', 'seated']);
        expect(world.last.types).toEqual(['join', 'offer', 'state']);
        await session.setSource('mic', track('mic'));
        expect(world.last.sent.at(-1)).toEqual({ type: 'state', mic: true, camera: false, screen: false });
    });

    it('gives the answer to its connection', async () => {
        await sit();
        world.last.hear({ type: 'answer', sdp: 'v=0' });
        await settle();
        expect(FakePeer.last.answers).toEqual(['v=0']);
    });

    it('lets the answer go before the drawing of the room', async () => {
        await reach();
        world.last.hear(joined());
        expect([view?.lesson.phase, session.view.lesson.phase]).toEqual(['connecting', 'seated']);
        world.last.hear({ type: 'answer', sdp: 'v=0' });
        expect(view?.lesson.phase).toBe('seated');
    });

    it('draws the room 50 ms after the seat if no answer comes', async () => {
        await reach();
        world.last.hear(joined());
        world.pass(49);
        expect(view?.lesson.phase).toBe('connecting');
        world.pass(1);
        expect(view?.lesson.phase).toBe('seated');
    });

    it('tells at once that the seat is lost, answer or not', async () => {
        await reach();
        world.last.hear(joined());
        world.last.hear({ type: 'closed', code: 'taken_over' });
        expect([view?.lesson.phase, view?.lesson.close]).toEqual(['closed', 'taken_over']);
    });

    it('tells an answer that cannot be used as a fault', async () => {
        await sit();
        world.last.hear({ type: 'answer', sdp: 'bad' });
        await settle();
        expect(faults.splice(0)).toEqual(['answer: Error: bad answer']);
    });

    it('comes back after a lost line: token, a new connection, the same tracks', async () => {
        await session.setSource('camera', track('camera'));
        await sit();
        const first = FakePeer.last;
        world.last.die();
        expect(view?.lesson.phase).toBe('reconnecting');
        world.pass(150);
        await reach();
        expect(world.last.said).toEqual([{ type: 'join', lesson: 310, take_over: false, resume: 'token' }, { type: 'offer', sdp: 'offer 1' }]);
        expect(first.connectionState).toBe('closed');
        expect(FakePeer.last.getTransceivers()[1]?.sender.track).toEqual({ name: 'camera' });
        world.last.hear(joined({ resume: 'next' }));
        world.last.hear({ type: 'answer', sdp: 'v=0' });
        expect([token, view?.lesson.phase]).toEqual(['next', 'seated']);
        expect(world.last.sent.at(-1)).toEqual({ type: 'state', mic: false, camera: true, screen: false });
    });

    it('wants no pictures on a new line either, until it wants them again', async () => {
        session.setVoiceOnly(true); // before there is a seat
        await sit();
        expect(world.last.said.at(-1)).toEqual({ type: 'pictures', want: false });
        world.last.die();
        world.pass(150);
        await sit();
        expect([world.last.said.at(-1), view?.voiceOnly]).toEqual([{ type: 'pictures', want: false }, true]);
        session.setVoiceOnly(false);
        expect([world.last.said.at(-1), view?.voiceOnly]).toEqual([{ type: 'pictures', want: true }, false]);
        world.last.die();
        world.pass(150);
        await sit();
        expect(world.last.types).not.toContain('pictures');
    });

    it('uses the token that an earlier page of this lesson has left', async () => {
        session.dispose();
        token = 'of the reload';
        begin();
        await reach();
        expect(world.last.sent[0]).toMatchObject({ type: 'join', resume: 'of the reload' });
    });

    it('sends one join on each line, however fast the lines follow', async () => {
        await sit();
        world.last.die();
        world.pass(150);
        world.last.open();
        world.last.hear(welcome);
        world.last.die(); // before the new offer is ready
        world.pass(300);
        await reach();
        expect(world.sockets.map((s) => s.types.join())).toEqual(['join,offer,state', 'join', 'join,offer']);
    });

    it('comes back by itself when the server restarts', async () => {
        await sit();
        world.last.hear({ type: 'closed', code: 'server_restart' });
        expect(view?.lesson.phase).toBe('reconnecting');
        world.last.die();
        world.pass(150);
        await sit();
        expect([world.sockets.length, view?.lesson.phase]).toEqual([2, 'seated']);
    });

    it.each(['taken_over', 'window_end', 'mentor_ended', 'cut_right_ended'] as const)('ends for good with %s', async (code) => {
        await sit();
        world.last.hear({ type: 'closed', code });
        expect([view?.lesson.phase, view?.lesson.close, token]).toEqual(['closed', code, null]);
        world.pass(60_000);
        expect([world.sockets.length, FakePeer.last.connectionState]).toEqual([1, 'closed']);
    });

    it('takes the seat of another device only when asked to', async () => {
        session.dispose();
        begin(true);
        await reach();
        expect(world.last.sent[0]).toMatchObject({ take_over: true });
        world.last.hear(joined());
        world.last.die();
        world.pass(150);
        await reach();
        expect(world.last.sent[0]).toMatchObject({ take_over: false, resume: 'token' });
    });

    it('takes another line when its media has been dead for four seconds', async () => {
        await sit();
        FakePeer.last.become('connected');
        FakePeer.last.become('disconnected');
        world.pass(3_900);
        expect(world.sockets.length).toBe(1);
        world.pass(200);
        expect([world.sockets.length, view?.lesson.phase]).toEqual([2, 'reconnecting']);
    });

    it('stays when the media comes back in time', async () => {
        await sit();
        FakePeer.last.become('disconnected');
        world.pass(3_000);
        FakePeer.last.become('connected');
        world.pass(1_500);
        expect(world.sockets.length).toBe(1);
    });

    it('takes another line for other slots than it offered', async () => {
        await reach();
        world.last.hear(joined({ slots: { audio: 3, video: 4, screen: 1 } }));
        await reach();
        expect(world.sockets.length).toBe(2);
        expect(world.last.types).toEqual(['join', 'offer']);
        expect(FakePeer.last.getTransceivers().length).toBe(11);
    });

    it('stops what the mentor quietens at once', async () => {
        await session.setSource('mic', track('mic'));
        await sit();
        world.last.hear({ type: 'quieted', mic: true, camera: true });
        await settle();
        expect(world.last.sent.at(-1)).toEqual({ type: 'state', mic: false, camera: false, screen: false });
        expect(FakePeer.last.getTransceivers()[0]?.sender.track).toBeNull();
    });

    it('keeps a wish to rest while the line is down and tells it with the next seat', async () => {
        await sit();
        world.last.die();
        session.rest(true);
        expect(view?.restWish).toBe(true);
        world.pass(150);
        await sit();
        expect(world.last.sent.at(-1)).toEqual({ type: 'rest', on: true });
        expect(view?.restWish).toBeNull();
    });

    it('leaves: says so, drops the token, closes everything', async () => {
        await sit();
        session.leave('tired');
        expect(world.last.sent.at(-1)).toEqual({ type: 'leave', reason: 'tired' });
        expect([token, FakePeer.last.connectionState, world.last.readyState]).toEqual([null, 'closed', 3]);
    });

    it('keeps the token when the page goes, so that a reload comes back', async () => {
        await sit();
        session.dispose();
        expect([token, world.last.types.includes('leave')]).toEqual(['token', false]);
    });

    it('reports its link every five and a half seconds, from two looks of the same connection', async () => {
        await sit();
        const peer = FakePeer.last;
        peer.become('connected');
        const look = async (bytes: number): Promise<void> => {
            peer.stats = [{ type: 'inbound-rtp', bytesReceived: bytes, packetsReceived: bytes / 100, packetsLost: 0 }];
            world.last.hear({ type: 'pong', id: 1, now: 1 });
            world.pass(5_500);
            await settle();
        };
        await look(0);
        expect(world.last.types).not.toContain('link');
        await look(55_000);
        expect(world.last.sent.filter((m) => m.type === 'link')).toEqual([{ type: 'link', loss_permille: 0, rtt_ms: 0, up_kbps: 0, down_kbps: 80 }]);
        expect(view?.report?.down_kbps).toBe(80);
    });
});
