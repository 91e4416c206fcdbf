// SPDX-License-Identifier: Apache-2.0
//
// The own camera picture, for the own eyes only: off until asked for, stopped with the page.
import { useCallback, useEffect, useRef, useState } from 'react';
import { capture, captureProblem } from '../core/capture.ts';

export type PictureState = 'off' | 'asking' | 'on' | 'blocked' | 'missing';

export function useSelfPicture(): { state: PictureState; track: MediaStreamTrack | null; toggle: () => void } {
    const [state, setState] = useState<PictureState>('off');
    const [track, setTrack] = useState<MediaStreamTrack | null>(null);
    const held = useRef<MediaStreamTrack | null>(null);
    const wanted = useRef(false);
    const stop = useCallback((to: PictureState) => {
        wanted.current = false;
        held.current?.stop();
        held.current = null;
        setTrack(null);
        setState(to);
    }, []);
    const start = useCallback(() => {
        wanted.current = true;
        setState('asking');
        capture('camera').then((got) => {
            if (!wanted.current) { got.stop(); return; }
            held.current = got;
            got.onended = () => { stop('missing'); };
            setTrack(got);
            setState('on');
        }, (error: unknown) => { stop(captureProblem(error)); });
    }, [stop]);
    useEffect(() => () => { wanted.current = false; held.current?.stop(); }, []);
    const toggle = useCallback(() => { if (wanted.current) stop('off'); else start(); }, [start, stop]);
    return { state, track, toggle };
}
