// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import { openMs, retryPause, Signalling } from '../../src/core/signalling.ts';
import { FakeWorld } from './fakes.ts';

const welcome = { type: 'welcome', protocol: 'parta.1', now: 1, user: 21, name: 'Misha', ping_s: 2 } as const;

describe('a signalling connection', () => {
    let world: FakeWorld;
    let said: string[];
    let line: Signalling;
    beforeEach(() => {
        world = new FakeWorld();
        said = [];
        line = new Signalling('wss://parta.invalid/ws', {
            open: () => said.push('open'), message: (m) => said.push(m.type), lost: () => said.push('lost'), fault: (text) => said.push(`fault ${text}`),
        }, world);
    });

    it('offers the protocol by its name', () => { expect([world.last.url, world.last.protocol]).toEqual(['wss://parta.invalid/ws', 'parta.1']); });

    it('sends nothing before it is open, and says so', () => {
        expect(line.send({ type: 'ping', id: 1 })).toBe(false);
        world.last.open();
        expect(line.send({ type: 'hand', up: true })).toBe(true);
        expect(world.last.sent).toEqual([{ type: 'hand', up: true }]);
    });

    it('pings as often as the welcome says', () => {
        world.last.open();
        world.last.hear({ ...welcome, ping_s: 1 });
        world.pass(5500);
        expect(world.last.sent.length).toBeGreaterThanOrEqual(4);
        expect(new Set(world.last.sent.map((m) => m.id)).size).toBe(world.last.sent.length);
    });

    it('takes six silent seconds for a dead line and comes back', () => {
        world.last.open();
        world.last.hear(welcome);
        world.pass(5_900);
        expect(said).not.toContain('lost');
        world.pass(2_200);
        expect(said).toContain('lost');
        world.pass(200);
        expect(world.sockets.length).toBe(2);
    });

    it('learns at once how long a round trip takes, behind what is sent first', () => {
        world.last.open();
        expect(world.last.sent).toEqual([]); // the server speaks first
        world.last.hear(welcome);
        expect([world.last.sent.map((m) => m.type), line.rttMs]).toEqual([['ping'], null]);
        world.pass(80);
        world.last.hear({ type: 'pong', id: Number(world.last.sent[0]?.['id']), now: 1 });
        expect(line.rttMs).toBe(80);
    });

    it('stays while anything is heard', () => {
        world.last.open();
        for (let i = 0; i < 30; i++) {
            world.pass(4_000);
            world.last.hear({ type: 'pong', id: 1, now: 1 });
        }
        expect(world.sockets.length).toBe(1);
    });

    it('gives up a connection that never opens', () => {
        world.pass(8_000);
        expect(said).toEqual(['lost']);
        world.pass(150);
        expect(world.sockets.length).toBe(2);
    });

    it('tries anew soon where a network swallows packets, and now and then for longer', () => {
        expect([0, 1, 2, 3, 4, 5].map((n) => openMs(n, 40))).toEqual([1500, 1500, 3000, 1500, 1500, 3000]);
        expect([0, 1, 2].map((n) => openMs(n, 300))).toEqual([3600, 3600, 7200]);
        expect([0, 1, 2, 3].map((n) => openMs(n, null))).toEqual([8000, 3000, 6000, 3000]);
        expect(openMs(2, 60_000)).toBe(8000);
    });

    it('comes back within two seconds of the end of an outage that swallows everything', () => {
        world.last.open();
        world.last.hear(welcome);
        world.pass(40);
        world.last.hear({ type: 'pong', id: Number(world.last.sent[0]?.['id']), now: 1 });
        world.last.die();
        for (let at = 0; at < 60_000; at += 100) {
            const tries = world.sockets.length;
            world.pass(3_200); // the longest try and its pause
            expect(world.sockets.length).toBeGreaterThan(tries);
            world.pass(100);
        }
    });

    it('looks soon whether another network carries this line, and takes a new one if not', () => {
        world.last.open();
        world.last.hear(welcome);
        line.check();
        world.last.hear({ type: 'pong', id: 1, now: 1 });
        world.pass(2_000);
        expect(world.sockets.length).toBe(1);
        line.check();
        world.pass(2_000);
        expect(world.sockets.length).toBe(2);
    });

    it('doubles the pause between tries up to two seconds, half of it by chance', () => {
        const most = [0, 1, 2, 3, 4, 5, 9].map((n) => retryPause(n, () => 1));
        expect(most).toEqual([150, 300, 600, 1200, 2000, 2000, 2000]);
        expect(retryPause(9, () => 0)).toBe(1000);
        for (let i = 0; i < 6; i++) { world.last.die(); world.pass(most[i] ?? 0); }
        expect(world.sockets.length).toBe(7);
    });

    it('begins with a short pause again after a connection that opened', () => {
        for (let i = 0; i < 5; i++) { world.last.die(); world.pass(3000); }
        world.last.open();
        world.last.die();
        world.pass(150);
        expect(world.sockets.length).toBe(7);
    });

    it('does not wait for the pause when the page wakes up', () => {
        world.last.open();
        world.last.die();
        line.retryNow();
        expect(world.sockets.length).toBe(2);
        world.pass(1000);
        expect(world.sockets.length).toBe(2);
    });

    it('restarts at once, and the old socket is not listened to any more', () => {
        const old = world.last;
        old.open();
        line.restart();
        expect(said).toEqual(['open', 'lost']);
        expect(world.sockets.length).toBe(2);
        expect(old.onmessage).toBeNull();
        expect(old.readyState).toBe(3);
    });

    it('is silent for good after close()', () => {
        world.last.open();
        line.close();
        world.pass(60_000);
        expect([world.sockets.length, world.waiting, said]).toEqual([1, 0, ['open']]);
        line.retryNow();
        line.restart();
        expect(world.sockets.length).toBe(1);
    });

    it.each(['{', '[]', '{"type":"nothing"}', '{"type":"pong","id":1,"now":2,"more":3}', '{"type":"pong","id":1}'])('hands on no message that breaks the protocol: %s', (text) => {
        world.last.open();
        world.last.onmessage?.({ data: text });
        expect(said.length).toBe(2);
        expect(said[1]).toMatch(/^fault /);
    });
});
