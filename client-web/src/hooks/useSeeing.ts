// SPDX-License-Identifier: Apache-2.0
//
// Looks whether the camera that is on gives pictures, and takes it anew where it does not.
import { useEffect, useRef } from 'react';
import { Seeing } from '../core/seeing.ts';

const LOOK_MS = 1_000;

/** Media Capture and Streams Extensions, "MediaStreamTrack Statistics"; not in every browser. */
type Counted = MediaStreamTrack & { stats?: { totalFrames?: number } };

/** `track`: the camera while it is on. `again` takes another one in its place. */
export function useSeeing(track: MediaStreamTrack | null, again: () => void): void {
    const seeing = useRef<Seeing>(undefined);
    seeing.current ??= new Seeing(); // it outlives a track: a camera that stays dark is asked ever more rarely
    useEffect(() => {
        const watch = seeing.current;
        if (!track || !watch) return;
        const look = (): void => {
            const expected = track.readyState === 'live' && !track.muted && document.visibilityState === 'visible';
            const pictures = (track as Counted).stats?.totalFrames ?? null;
            if (watch.look({ expected, pictures }, performance.now())) again();
        };
        const timer = setInterval(look, LOOK_MS);
        return () => { clearInterval(timer); };
    }, [track, again]);
}
