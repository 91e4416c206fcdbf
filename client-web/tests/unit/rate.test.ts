// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { devicesOf } from '../../src/core/devices.ts';
import { lossOf, testPath, type PathOutcome } from '../../src/core/probe.ts';
import { RATE_BYTES, RATE_MS, RateTrain, UNDER_WAY } from '../../src/core/rate.ts';
import { FakePeer, FakeReceiver, FakeWorld, settle } from './fakes.ts';

/** A line of so many kbit/s and so much round trip, for one train; what it says, and what it cost. */
function over(kbps: number, rttMs: number): { says: number | null; ms: number; bytes: number; most: number } {
    const train = new RateTrain(rttMs, 1);
    let now = 0;
    let free = 0; // when the line has sent what it was given
    let bytes = 0;
    let most = 0;
    let coming: Array<{ id: number; at: number }> = [];
    while (!train.done(now)) {
        for (let m = train.next(now); m; m = train.next(now)) {
            free = Math.max(free, now) + (m.bytes * 8) / kbps;
            coming.push({ id: m.id, at: free + rttMs });
            bytes += m.bytes;
            most = Math.max(most, coming.length);
        }
        now += 1;
        for (const c of coming.filter((x) => x.at <= now)) train.back(c.id, now);
        coming = coming.filter((x) => x.at > now);
    }
    return { says: train.kbps(), ms: now, bytes, most };
}

describe('a train of filler', () => {
    it.each([[48, 40], [64, 300], [128, 60], [300, 60], [300, 600], [1500, 40], [1500, 300], [8000, 20]])('finds %i kbit/s at %i ms', (kbps, rtt) => {
        const { says, ms, bytes, most } = over(kbps, rtt);
        expect(says).toBeGreaterThan(kbps * 0.75);
        expect(says).toBeLessThan(kbps * 1.25);
        expect(ms).toBeLessThanOrEqual(2 * RATE_MS);
        expect(bytes).toBeLessThanOrEqual(RATE_BYTES);
        expect(most).toBeLessThanOrEqual(UNDER_WAY);
    });

    it('says nothing when nothing comes back, and ends', () => {
        const train = new RateTrain(40, 1);
        train.next(0);
        train.next(0);
        expect([train.next(0), train.done(RATE_MS), train.done(2 * RATE_MS), train.kbps()]).toEqual([null, false, true, null]);
    });

    it('leaves answers of others alone', () => {
        const train = new RateTrain(0, 10);
        train.next(0);
        train.back(9, 5);
        expect(train.kbps()).toBe(null);
        train.back(10, 5);
        train.back(10, 6);
        expect(train.kbps()).toBe(Math.round((2048 * 8) / 5));
    });

    it('does not stuff a narrow line', () => {
        // What is left on the way at the end is gone within a second.
        expect(over(48, 40).ms).toBeLessThan(RATE_MS + 1_000);
    });
});

describe('the loss of the quiet voice', () => {
    const report = (lost: number) => ({ type: 'remote-inbound-rtp', kind: 'audio', timestamp: 7, packetsLost: lost });
    const voice = { type: 'outbound-rtp', kind: 'audio', packetsSent: 100 };
    it('is what the server reports of it', () => { expect(lossOf([voice, report(5), { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.0381 }])).toEqual({ at: 7, sent: 100, lost: 5, rttMs: 38 }); });
    it('never is below nothing', () => { expect(lossOf([voice, report(-3)]).lost).toBe(0); });
    it('is unknown without a report', () => { expect(lossOf([voice, { type: 'outbound-rtp', kind: 'video', packetsSent: 9 }])).toEqual({ at: 0, sent: 100, lost: 0, rttMs: 0 }); });
});

describe('devices, by kind', () => {
    it('are there, shut or missing', () => {
        expect(devicesOf(['audioinput', 'videoinput', 'audiooutput'], {})).toEqual({ microphone: 'present', camera: 'present', loudspeaker: 'present' });
        expect(devicesOf(['audioinput', 'videoinput'], { microphone: 'denied', camera: 'granted' })).toEqual({ microphone: 'blocked', camera: 'present', loudspeaker: 'unknown' });
        expect(devicesOf([], { microphone: 'denied' })).toEqual({ microphone: 'missing', camera: 'missing', loudspeaker: 'unknown' });
    });
});

describe('a path test', () => {
    const welcome = { type: 'welcome', protocol: 'parta.1', now: 1, user: 21, name: 'Misha', ping_s: 2 } as const;
    beforeEach(() => {
        vi.stubGlobal('RTCPeerConnection', FakePeer);
        vi.stubGlobal('RTCRtpReceiver', FakeReceiver);
    });
    afterEach(() => { vi.unstubAllGlobals(); });

    /** A server that is `rttMs` away: answers pings, and filler where `measures`. */
    async function attend(world: FakeWorld, rttMs: number, measures: boolean, ms: number): Promise<void> {
        let seen = 0;
        for (let at = 0; at < ms; at += rttMs) {
            await settle();
            const fresh = world.last.sent.slice(seen);
            seen = world.last.sent.length;
            world.pass(rttMs);
            for (const m of fresh) {
                if (m.type === 'ping') world.last.hear({ type: 'pong', id: Number(m['id']), now: 1 });
                if (m.type === 'measure' && measures) world.last.hear({ type: 'measured', id: Number(m['id']), filler: '.'.repeat(Number(m['bytes'])) });
            }
        }
        await settle();
    }
    const begin = (): { world: FakeWorld; out: () => PathOutcome | null } => {
        const world = new FakeWorld();
        let out: PathOutcome | null = null;
        void testPath('wss://parta.invalid/ws', () => null, world).then((o) => { out = o; });
        return { world, out: () => out };
    };
    const opened = (): ReturnType<typeof begin> => {
        const begun = begin();
        begun.world.last.open();
        begun.world.last.hear(welcome);
        return begun;
    };

    it('that reaches nothing says so after six seconds, and leaves nothing open', async () => {
        const { world, out } = begin();
        world.pass(5_900);
        await settle();
        expect(out()).toBe(null);
        world.pass(200);
        await settle();
        expect(out()).toEqual({ kind: 'none' });
        expect([world.last.readyState, world.waiting]).toEqual([3, 0]);
    });

    it('whose line breaks says that the way is none', async () => {
        const { world, out } = opened();
        await settle();
        world.last.die();
        await settle();
        expect(out()).toEqual({ kind: 'none' });
    });

    it('over a line without UDP measures by the WebSocket alone', async () => {
        const { world, out } = opened();
        await attend(world, 40, true, 12_000);
        const found = out();
        expect(found?.kind).toBe('measured');
        if (found?.kind !== 'measured') return;
        expect(found.measure).toMatchObject({ websocket: true, udp: false, rtt_ms: 40, loss_permille: null });
        const filler = world.last.sent.filter((m) => m.type === 'measure').reduce((n, m) => n + Number(m['bytes']) + String(m['filler'] ?? '').length, 0);
        expect(filler).toBeLessThan(1_048_576);
        expect(world.last.sent.filter((m) => m.type === 'measure').length).toBeLessThan(80);
    });

    it('that the server does not want now is for later', async () => {
        const { world, out } = opened();
        await attend(world, 40, false, 800);
        expect(world.last.types).toContain('probe');
        world.last.hear({ type: 'error', code: 'not_now', re: 'probe', field: '', detail: '' });
        await settle();
        expect(out()).toEqual({ kind: 'later' });
    });

    it('whose share is used up is for later', async () => {
        const { world, out } = opened();
        await attend(world, 40, false, 4_000);
        expect(world.last.types).toContain('measure');
        world.last.hear({ type: 'error', code: 'too_fast', re: 'measure', field: '', detail: '' });
        await settle();
        expect(out()).toEqual({ kind: 'later' });
    });
});
