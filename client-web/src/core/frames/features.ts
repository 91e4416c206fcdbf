// SPDX-License-Identifier: Apache-2.0
//
// What a browser can do of media over WebSocket, and what that means to a person: a pure table over
// facts that the page finds out.

export interface Abilities {
    /** a worker with WebSocket, and AudioWorklet */
    worker: boolean;
    worklet: boolean;
    voiceUp: boolean; // AudioEncoder for Opus
    voiceDown: boolean; // AudioDecoder for Opus
    pictureUp: boolean; // VideoEncoder for VP8
    pictureDown: boolean; // VideoDecoder for VP8
    canvas: boolean; // OffscreenCanvas, to draw what was decoded
    /** pictures can be taken off a camera track, by either way */
    takes: boolean;
}

export const ALL_ABLE: Abilities = {
    worker: true, worklet: true, voiceUp: true, voiceDown: true, pictureUp: true, pictureDown: true, canvas: true, takes: true,
};

export interface Offer {
    /** nothing works without it: the page can only wait for UDP */
    possible: boolean;
    speak: boolean;
    hear: boolean;
    show: boolean;
    see: boolean;
}

export const offerOf = (a: Abilities): Offer => {
    const voice = a.worker && a.worklet;
    const o = {
        speak: voice && a.voiceUp,
        hear: voice && a.voiceDown,
        show: a.worker && a.pictureUp && a.takes,
        see: a.worker && a.pictureDown && a.canvas,
    };
    // A lesson without hearing each other is none; with writing and seeing alone it would only look like one.
    return { possible: o.hear, ...o };
};

/** The words for what is missing: one per way in which a lesson is less than whole; null: nothing is. */
export type Lack = 'nothing_works' | 'not_heard' | 'not_heard_nor_seen' | 'not_seen' | 'voice_only' | 'sees_nobody';

export function lackOf(a: Abilities): Lack | null {
    const o = offerOf(a);
    if (!o.possible) return 'nothing_works';
    if (!o.speak) return o.show ? 'not_heard' : 'not_heard_nor_seen';
    if (!o.show) return o.see ? 'not_seen' : 'voice_only';
    return o.see ? null : 'sees_nobody';
}

export const VOICE_CODEC = { codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 } as const;
export const PICTURE_CODEC = 'vp8';

type Global = typeof globalThis & { MediaStreamTrackProcessor?: unknown };

const asks = async (ask: () => Promise<{ supported?: boolean | undefined }>): Promise<boolean> => {
    try {
        return (await ask()).supported === true;
    } catch {
        return false;
    }
};

/** Asks the browser. `frames`: it can call back for each frame of a video element. */
export async function abilities(frames: boolean): Promise<Abilities> {
    const g = globalThis as Global;
    const picture = { codec: PICTURE_CODEC, width: 640, height: 360 };
    const [voiceUp, voiceDown, pictureUp, pictureDown] = await Promise.all([
        asks(() => AudioEncoder.isConfigSupported({ ...VOICE_CODEC, bitrate: 32_000 })),
        asks(() => AudioDecoder.isConfigSupported(VOICE_CODEC)),
        asks(() => VideoEncoder.isConfigSupported({ ...picture, bitrate: 400_000, framerate: 25 })),
        asks(() => VideoDecoder.isConfigSupported({ codec: PICTURE_CODEC })),
    ]);
    return {
        worker: typeof g.Worker === 'function',
        worklet: typeof g.AudioWorkletNode === 'function',
        voiceUp, voiceDown, pictureUp, pictureDown,
        canvas: typeof g.OffscreenCanvas === 'function',
        takes: typeof g.MediaStreamTrackProcessor === 'function' || frames,
    };
}
