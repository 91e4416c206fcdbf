// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, seqAhead, type FrameHead } from '../../src/core/frames/wire.ts';
import { MEDIA } from '../../src/core/protocol.gen.ts';

const KEY = new Uint8Array([0x50, 1, 0, 0x9d, 1, 0x2a, 0x80, 2, 0x68, 1]); // RFC 6386 9.1: 640x360
const DELTA = new Uint8Array([0x51, 1, 0, 7]);
const head = (more: Partial<FrameHead> = {}): FrameHead =>
    ({ kind: 'picture', key: false, droppable: true, sync: false, layer: 2, slot: 0, level: 0, seq: 0x1234, time: 0x1_0203_0405, ...more });
/** The message with one byte changed. */
const with1 = (message: Uint8Array, at: number, v: number): ArrayBuffer => {
    const copy = Uint8Array.from(message);
    copy[at] = v;
    return copy.buffer;
};
const delta = encodeFrame(head(), DELTA);
const voice = encodeFrame(head({ kind: 'voice', level: 20 }), new Uint8Array([0x78, 1, 2]));

describe('the header of a frame', () => {
    it('has every byte where the protocol says', () => {
        expect([...delta]).toEqual([1, 2, 0b10010, 0, 0, 0, 0x12, 0x34, 0, 0, 0, 1, 2, 3, 4, 5, ...DELTA]);
        expect([...voice.subarray(0, 6)]).toEqual([1, 1, 0, 0, 20, 0]);
        expect(encodeFrame(head({ key: true, layer: 0, droppable: false, kind: 'screen' }), KEY)[2]).toBe(MEDIA.flags.key);
    });
    it('comes back as it went', () => {
        expect(decodeFrame(delta.buffer)).toEqual({ ...head(), payload: DELTA });
        expect(decodeFrame(voice.buffer)).toMatchObject({ kind: 'voice', level: 20, layer: 0, droppable: false });
        expect(decodeFrame(encodeFrame(head({ key: true, time: MEDIA.time_max, slot: 14, seq: 0x1ffff }), KEY).buffer)).toMatchObject({ time: MEDIA.time_max, slot: 14, seq: 0xffff });
    });
    it.each([
        ['truncated', new ArrayBuffer(0)],
        ['truncated', delta.slice(0, 15).buffer],
        ['truncated', delta.slice(0, 16).buffer], // no payload
        ['bad_version', with1(delta, 0, 2)],
        ['bad_kind', with1(delta, 1, 0)],
        ['bad_kind', with1(delta, 1, 4)],
        ['bad_flags', with1(delta, 2, 0x20)],
        ['bad_flags', with1(delta, 5, 1)],
        ['bad_flags', with1(delta, 4, 1)], // a level is for a voice
        ['bad_flags', with1(voice, 4, 128)],
        ['bad_flags', with1(voice, 2, 1)], // a voice has no key frames
        ['bad_slot', with1(delta, 3, 15)],
        ['bad_time', with1(delta, 8, 0x20)],
        ['oversized', encodeFrame(head({ kind: 'voice' }), new Uint8Array(MEDIA.voice_bytes + 1)).buffer],
        ['oversized', encodeFrame(head(), new Uint8Array(MEDIA.picture_bytes + 1)).buffer],
        ['wrong_codec', encodeFrame(head({ key: true }), DELTA).buffer],
        ['wrong_codec', encodeFrame(head(), KEY).buffer],
    ] as const)('refuses what is %s', (word, message) => { expect(decodeFrame(message)).toBe(word); });
    it('does not write what nobody would take', () => {
        expect(() => encodeFrame(head({ time: MEDIA.time_max + 2 }), DELTA)).toThrow(RangeError);
        expect(() => encodeFrame(head({ layer: 4 }), DELTA)).toThrow(RangeError);
    });
    it('counts around', () => { expect([seqAhead(0xffff, 1), seqAhead(1, 0xffff), seqAhead(7, 7), seqAhead(0, 0x7fff)]).toEqual([2, -2, 0, 0x7fff]); });
});
