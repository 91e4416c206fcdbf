// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { captureProblem } from '../../src/core/capture.ts';
import { linkSign, linkWord, reportOf, sampleOf } from '../../src/core/link.ts';
import { linkState } from '../../src/core/media.ts';
import { barOf, BARS, meterAfter, quietMeter, VOICE } from '../../src/core/voice.ts';

describe('the link', () => {
    const at = (ms: number, down: number, packets: number, lost: number) =>
        sampleOf([{ type: 'inbound-rtp', bytesReceived: down, packetsReceived: packets, packetsLost: lost }, { type: 'outbound-rtp', bytesSent: down / 2 },
            { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.0384 }, { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 }, { type: 'codec' }], ms);
    it('sums what the statistics tell', () => { expect(at(5, 1000, 10, 1)).toEqual({ at: 5, bytesUp: 500, bytesDown: 1000, packetsDown: 10, lostDown: 1, rttMs: 38 }); });
    it('takes negative loss, which browsers count after duplicates, for none', () => { expect(at(5, 0, 0, -3).lostDown).toBe(0); });
    it('reports the difference of two looks', () => {
        expect(reportOf(at(0, 0, 0, 0), at(1000, 125_000, 90, 10))).toEqual({ loss_permille: 100, rtt_ms: 38, up_kbps: 500, down_kbps: 1000 });
    });
    it('stays within what the protocol allows', () => {
        const wild = reportOf({ ...at(0, 0, 0, 0) }, { at: 1, bytesUp: 1e12, bytesDown: -5, packetsDown: 0, lostDown: 5, rttMs: 1e9 });
        expect(wild).toEqual({ loss_permille: 1000, rtt_ms: 60_000, up_kbps: 100_000, down_kbps: 0 });
    });
    it('is one word', () => {
        const r = { loss_permille: 0, rtt_ms: 40, up_kbps: 1, down_kbps: 1 };
        expect([linkWord(null, false), linkWord(null, true), linkWord(r, true), linkWord({ ...r, loss_permille: 30 }, true), linkWord({ ...r, rtt_ms: 800 }, true), linkWord(r, false)])
            .toEqual(['gone', 'good', 'good', 'fair', 'weak', 'gone']);
    });
    it('says that the picture waits, or which way is taken, where that is more than the word', () => {
        const shown = [{ member: 2 }, { member: 2, step: 3 }], waits = [{ member: 2, step: 0 }, { member: 0, step: 0 }];
        expect([linkSign('good', 'udp', shown), linkSign('weak', 'udp', waits), linkSign('good', 'frames', shown), linkSign('weak', 'frames', shown), linkSign('gone', 'frames', waits), linkSign('good', 'udp', [{ member: 0, step: 0 }])])
            .toEqual(['good', 'paused', 'reserve', 'weak', 'gone', 'good']);
    });
    it('knows four states of a connection', () => {
        expect((['new', 'connecting', 'connected', 'disconnected', 'failed', 'closed'] as const).map(linkState)).toEqual(['new', 'connecting', 'connected', 'lost', 'lost', 'lost']);
    });
});

describe('the bars of a voice', () => {
    const tone = (loud: number) => Float32Array.from({ length: 1024 }, (_, i) => loud * Math.sin(i / 5));
    it('go from nothing to full', () => {
        expect(barOf(tone(0))).toBe(0);
        expect(barOf([])).toBe(0);
        expect(barOf(tone(1))).toBe(1);
        expect(barOf(tone(0.001))).toBeLessThan(VOICE);
        expect(barOf(tone(0.05))).toBeGreaterThan(VOICE);
    });
    it('count as a voice after the fourth loud look, not after a knock', () => {
        const knock = [1, 0, 0, 1, 0, 1].reduce(meterAfter, quietMeter);
        expect([knock.heard, knock.levels.length]).toEqual([false, BARS]);
        expect(meterAfter(knock, 1).heard).toBe(true);
        expect(meterAfter(meterAfter(knock, 1), 0).heard).toBe(true);
    });
});

describe('a device that is not given', () => {
    const named = (name: string) => Object.assign(new Error(name), { name });
    it('is missing or kept shut', () => {
        expect(['NotFoundError', 'NotReadableError', 'OverconstrainedError', 'NotAllowedError', 'AbortError'].map((n) => captureProblem(named(n))))
            .toEqual(['missing', 'missing', 'missing', 'blocked', 'blocked']);
    });
});
