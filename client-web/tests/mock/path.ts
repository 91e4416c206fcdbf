// SPDX-License-Identifier: Apache-2.0
import type { PathFigures, PathTest, PathTests } from '../../src/core/api.gen.ts';
import type { Ask } from './answer.ts';
import { NOW, people } from './people.ts';

const HOUR = 3_600_000;
const measured = { at: NOW - 26 * HOUR, udp: true, websocket: true, rtt_ms: 38, loss_permille: 2, up_kbps: 2400, down_kbps: 9100 };
const there = { microphone: 'present', camera: 'present', loudspeaker: 'unknown' } as const;
const narrow: PathTest = { ...measured, ...there, udp: false, loss_permille: null, up_kbps: 110, verdict: 'voice_only', cause: 'rate_up' };
const mute: PathTest = { ...measured, ...there, microphone: 'blocked', verdict: 'call_us', cause: 'microphone' };
const good: PathTest = { ...measured, ...there, verdict: 'good', cause: 'none' };

export function pathTest({ body }: Ask): PathTest {
    return { ...good, rtt_ms: null, loss_permille: null, up_kbps: null, down_kbps: null, ...(body as unknown as PathFigures), at: NOW };
}

/** Of the coordinator: two with trouble, one without, one that has not tested. */
export function pathTests({ locale, scene }: Ask): PathTests {
    const who = people(locale);
    if (scene === 'empty') return { now: NOW, items: [] };
    return {
        now: NOW,
        items: [
            { person: who('misha'), seat: 'child', next: NOW + 20 * HOUR, test: narrow },
            { person: who('anna'), seat: 'mentor', next: NOW + 20 * HOUR, test: good },
            { person: who('sofia'), seat: 'child', next: NOW + 44 * HOUR, test: mute },
            { person: who('denisov'), seat: 'mentor', next: NOW + 44 * HOUR, test: null },
        ],
    };
}
