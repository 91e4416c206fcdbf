// SPDX-License-Identifier: Apache-2.0
//
// What the page and the worker that owns its line say to each other. Buffers, ports, canvases and
// streams are handed over, never copied.
import type { Rates } from '../media.ts';
import type { SlotPlan, Source } from '../protocol.gen.ts';

/** Whose pictures and voices play together: what `slots` says, by slot number. */
export type SlotMembers = readonly number[];

export type ToWorker =
    | { type: 'open'; line: number; url: string; protocol: string }
    | { type: 'text'; line: number; text: string }
    | { type: 'close'; line: number }
    /** media over this line from now on, until `media_end`: the server has said `frames` */
    | { type: 'media'; line: number; plan: SlotPlan }
    | { type: 'media_end' }
    | { type: 'members'; members: SlotMembers }
    | { type: 'key'; source: Source }
    | { type: 'most'; most: Rates }
    /** captured voice comes through this port, or none any more */
    | { type: 'mic'; port: MessagePort | null }
    /** captured pictures come from this stream */
    | { type: 'pictures'; source: 'camera' | 'screen'; stream: ReadableStream<VideoFrame> }
    /** ... or one by one */
    | { type: 'picture'; source: 'camera' | 'screen'; frame: VideoFrame }
    | { type: 'pictures_end'; source: 'camera' | 'screen' }
    /** decoded voice goes out through this port; what it says is heard so much later */
    | { type: 'speaker'; port: MessagePort }
    | { type: 'latency'; ms: number }
    | { type: 'canvas'; slot: number; canvas: OffscreenCanvas }
    | { type: 'no_canvas'; slot: number };

export type ToPage =
    | { type: 'opened'; line: number }
    | { type: 'heard'; line: number; text: string }
    | { type: 'closed'; line: number }
    | { type: 'stats'; stats: LineStats }
    /** an encoder or decoder gave up */
    | { type: 'broken'; what: 'voice_up' | 'voice_down' | 'picture_up' | 'picture_down'; why: string };

export interface LineStats {
    bytesUp: number;
    bytesDown: number;
    framesDown: number;
    lostDown: number;
    rttMs: number;
    /** what is made of pictures now, bit/s of everything */
    bitrate: number;
    /** pictures shown, by slot */
    shown: number[];
    /** age of what was heard and shown last, ms by the server's clock; for tests and the log, not for the screen */
    voiceMs: number[];
    pictureMs: number[];
    /** how long the voice that was heard last waits for late frames, and how much later than played it is heard, ms */
    voiceWaitMs: number;
    latencyMs: number;
    /** when the first voice of this line was heard and the first picture shown, ms since 1970 by this machine; 0: not yet */
    firstVoice: number;
    firstPicture: number;
    /** samples played while a voice was there, and how many of them were made up */
    samplesPlayed: number;
    samplesFilled: number;
    leftOut: number;
}

/** The playout worklet. */
export type ToSpeaker = { slot: number; time: number; samples: Float32Array } | { slot: number; end: true };
/** What a slot plays now: capture time in us, null for nothing. */
export interface FromSpeaker { slot: number; playing: number | null; heldMs: number; targetMs: number; filled: number; played: number }
/** The capture worklet: one frame of 20 ms. */
export interface FromMic { index: number; samples: Float32Array }

export const FRAME_SAMPLES = 960; // 20 ms at 48 kHz
export const FRAME_US = 20_000;
