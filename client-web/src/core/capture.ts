// SPDX-License-Identifier: Apache-2.0
//
// Asks the browser for a microphone, a camera or a screen, with the wishes a lesson has. The caller
// owns the track and stops it.
import type { Source } from './media.ts';

const WISHES = {
    mic: { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } },
    camera: { video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 25, max: 30 } } },
    screen: { video: { frameRate: { max: 10 } } },
};

/** The track, or what `getUserMedia` throws; the person may take any time to answer. */
export async function capture(source: Source): Promise<MediaStreamTrack> {
    const stream = await (source === 'screen'
        ? navigator.mediaDevices.getDisplayMedia(WISHES.screen)
        : navigator.mediaDevices.getUserMedia(WISHES[source]));
    const track = stream.getTracks()[0];
    if (!track) throw new DOMException('no track', 'NotFoundError');
    return track;
}

/** What a failed try means to the person: there is no such device, or it is kept shut. */
export const captureProblem = (error: unknown): 'missing' | 'blocked' =>
    error instanceof Error && ['NotFoundError', 'NotReadableError', 'OverconstrainedError'].includes(error.name) ? 'missing' : 'blocked';
