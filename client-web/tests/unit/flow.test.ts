// SPDX-License-Identifier: Apache-2.0
//
// Media that has stopped coming: dead UDP on a living line, a stop of both, and silence that is none.
import { beforeEach, describe, expect, it } from 'vitest';
import { countersOf, Flow, type Found } from '../../src/core/flow.ts';

describe('the flow of media', () => {
    let flow: Flow;
    let now: number;
    let bytes: number;
    let heard: number;
    let checks: number | null;
    /** Looks for so long, every half second; a part that is undefined does not come. The browser checks every 2.5 s. */
    const pass = (ms: number, from: { udp?: true; line?: true; media?: null }): Found[] => {
        const found: Found[] = [];
        for (let i = 0; i < ms; i += 500) {
            now += 500;
            if (from.udp) bytes += 100;
            if (from.line) heard++;
            if (checks !== null && now % 2_500 === 0) checks++;
            found.push(flow.look(now, from.media === null ? null : { received: bytes, checks }, heard));
        }
        return found;
    };
    beforeEach(() => {
        flow = new Flow();
        now = 1_790_000_000_000;
        bytes = heard = checks = 0;
        flow.look(now, { received: 0, checks }, 0);
    });

    it('is alive while bytes come, whatever the line does', () => {
        expect(new Set(pass(60_000, { udp: true }))).toEqual(new Set(['flows']));
        expect([flow.stalled, flow.comes]).toEqual([false, true]);
    });
    it('is dead two seconds after the last byte where the line lives', () => {
        pass(5_000, { udp: true, line: true });
        expect(pass(3_000, { line: true })).toEqual(['flows', 'asks', 'asks', 'asks', 'asks', 'dead']); // the check was sent after 2.5 s
    });
    it('is not dead where the line is silent as well: there is nothing to change to', () => {
        pass(5_000, { udp: true, line: true });
        expect(pass(30_000, {})).not.toContain('dead');
        expect([flow.stalled, flow.comes, flow.silentMs]).toEqual([true, false, 30_000]);
        expect(pass(500, { udp: true })).toEqual(['flows']); // back again
        expect(flow.stalled).toBe(false);
    });
    it('does not believe what the line said before UDP fell silent, or just then', () => {
        pass(5_000, { udp: true, line: true });
        expect(pass(500, { line: true })).toEqual(['flows']);
        expect(pass(10_000, {})).not.toContain('dead');
    });
    it('is alive where nobody speaks and checks are answered', () => {
        for (let i = 0; i < 20; i++) {
            expect(pass(2_000, { line: true })).not.toContain('dead');
            pass(500, { udp: true, line: true }); // the answer
        }
        expect(pass(3_500, { line: true })).toContain('dead');
    });
    it('is judged later where the browser does not count its checks', () => {
        checks = null;
        pass(5_000, { udp: true, line: true });
        expect(pass(5_500, { line: true })).not.toContain('dead');
        expect(pass(500, { line: true })).toEqual(['dead']);
    });
    it('is doubted sooner when the network has changed', () => {
        pass(4_500, { udp: true, line: true });
        flow.suspect(now);
        expect(pass(1_000, { line: true })).toEqual(['flows', 'dead']);
        expect(flow.suspects).toBe(true);
    });
    it('begins anew after a sleep of the machine', () => {
        pass(5_000, { udp: true, line: true });
        now += 3_600_000;
        expect(pass(1_000, {})).toEqual(['slept', 'flows']);
        expect(flow.stalled).toBe(false);
    });
    it('over the line is seen by the line alone', () => {
        expect(pass(10_000, { media: null, line: true })).not.toContain('asks');
        expect(pass(2_500, { media: null }).at(-1)).toBe('asks');
        expect(flow.stalled).toBe(true);
        expect(pass(500, { media: null, line: true })).toEqual(['flows']);
    });
    it('of another connection is not judged by the old one', () => {
        pass(5_000, { udp: true, line: true });
        pass(1_500, { line: true });
        flow.anew();
        expect(pass(1_500, { line: true })).not.toContain('dead');
    });
    it('is any byte or answer of the pair in use', () => {
        const pair = { type: 'candidate-pair', nominated: true, bytesReceived: 10, responsesReceived: 2, requestsSent: 1, consentRequestsSent: 3 };
        expect(countersOf([pair, { ...pair, nominated: false }, { type: 'inbound-rtp', bytesReceived: 5 }, { type: 'codec', bytesReceived: 99 }])).toEqual({ received: 17, checks: 4 });
        expect(countersOf([{ type: 'candidate-pair', nominated: true, bytesReceived: NaN, responsesReceived: 2 }])).toEqual({ received: 2, checks: null });
    });
});
