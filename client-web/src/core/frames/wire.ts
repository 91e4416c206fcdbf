// SPDX-License-Identifier: Apache-2.0
//
// The header of a frame of media over WebSocket (PROTOCOL.md section 10), both ways. Refuses what
// breaks a rule by the protocol's own word. Pure.
import { MEDIA, type MediaRefusal } from '../protocol.gen.ts';

export type FrameKind = keyof typeof MEDIA.kinds;

export interface FrameHead {
    kind: FrameKind;
    key: boolean;
    droppable: boolean;
    sync: boolean;
    /** temporal layer */
    layer: number;
    /** receive slot; 0 from a client */
    slot: number;
    /** voice: -dBov */
    level: number;
    seq: number;
    /** capture time, us */
    time: number;
}

export interface Frame extends FrameHead {
    payload: Uint8Array<ArrayBuffer>;
}

const KIND_OF: Record<number, FrameKind> = { 1: 'voice', 2: 'picture', 3: 'screen' };
const LAYER_AT = 3; // bits 3 and 4 of the flags
const FLAGS = MEDIA.flags.key | MEDIA.flags.droppable | MEDIA.flags.sync | ((MEDIA.layers - 1) << LAYER_AT);
const { at } = MEDIA;

/** The whole message. The caller keeps within the limits; a number beyond them is our own bug. */
export function encodeFrame(h: FrameHead, payload: Uint8Array): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(MEDIA.header_bytes + payload.length);
    const view = new DataView(out.buffer);
    const picture = h.kind !== 'voice';
    if (h.time < 0 || h.time > MEDIA.time_max || h.layer >= MEDIA.layers || h.level > MEDIA.level_silent) throw new RangeError('frame header');
    view.setUint8(at.version, MEDIA.version);
    view.setUint8(at.kind, MEDIA.kinds[h.kind]);
    if (picture)
        view.setUint8(at.flags, (h.key ? MEDIA.flags.key : 0) | (h.droppable ? MEDIA.flags.droppable : 0) | (h.sync ? MEDIA.flags.sync : 0) | (h.layer << LAYER_AT));
    view.setUint8(at.slot, h.slot);
    view.setUint8(at.level, picture ? 0 : h.level);
    view.setUint16(at.seq, h.seq & 0xffff);
    view.setBigUint64(at.time, BigInt(Math.round(h.time)));
    out.set(payload, MEDIA.header_bytes);
    return out;
}

/** A VP8 frame's own word on whether it is a key frame (RFC 6386 section 9.1: bit 0 of the tag is 0). */
const isKey = (vp8: Uint8Array): boolean => ((vp8[0] ?? 1) & 1) === 0;

/** The frame (its payload lies in the message's memory), or the word of what is wrong with it. */
export function decodeFrame(message: ArrayBuffer): Frame | MediaRefusal {
    if (message.byteLength <= MEDIA.header_bytes) return 'truncated';
    const view = new DataView(message);
    const kind = KIND_OF[view.getUint8(at.kind)];
    const flags = view.getUint8(at.flags);
    const payload = new Uint8Array(message, MEDIA.header_bytes);
    const time = view.getBigUint64(at.time);
    const level = view.getUint8(at.level);
    const voice = kind === 'voice';
    if (view.getUint8(at.version) !== MEDIA.version) return 'bad_version';
    if (!kind) return 'bad_kind';
    if (flags & ~FLAGS || view.getUint8(at.zero) !== 0 || level > (voice ? MEDIA.level_silent : 0) || (voice && flags)) return 'bad_flags';
    if (view.getUint8(at.slot) >= MEDIA.slots) return 'bad_slot';
    if (time > BigInt(MEDIA.time_max)) return 'bad_time';
    if (payload.length > (voice ? MEDIA.voice_bytes : MEDIA.picture_bytes)) return 'oversized';
    if (!voice && isKey(payload) !== ((flags & MEDIA.flags.key) !== 0)) return 'wrong_codec';
    return {
        kind,
        key: (flags & MEDIA.flags.key) !== 0,
        droppable: (flags & MEDIA.flags.droppable) !== 0,
        sync: (flags & MEDIA.flags.sync) !== 0,
        layer: (flags >> LAYER_AT) & (MEDIA.layers - 1),
        slot: view.getUint8(at.slot),
        level,
        seq: view.getUint16(at.seq),
        time: Number(time),
        payload,
    };
}

/** How far b is ahead of a, of numbers modulo 2^16: negative if it is behind. */
export const seqAhead = (a: number, b: number): number => ((b - a + 0x8000) & 0xffff) - 0x8000;
