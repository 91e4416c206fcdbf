// SPDX-License-Identifier: Apache-2.0
//
// Listens whether the microphone that is on hears anything at all, and offers the remedy.
import { useCallback, useEffect, useRef, useState } from 'react';
import { Hearing, type Remedy } from '../core/hearing.ts';

const LOOK_MS = 500;

/** The loudest sample of a track since the last call; null while the browser does not let us listen. */
function ear(track: MediaStreamTrack): { peak: () => number | null; stop: () => void } {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const peak = (): number | null => {
        if (context.state !== 'running') return null;
        analyser.getFloatTimeDomainData(samples);
        return samples.reduce((most, s) => Math.max(most, Math.abs(s)), 0);
    };
    return { peak, stop: () => { void context.close(); } };
}

/** `track`: the microphone while it is on. `again` takes another one; false: there is none to be had. */
export function useHearing(track: MediaStreamTrack | null, again: () => Promise<boolean>): { remedy: Remedy; reacquire: () => void } {
    const hearing = useRef<Hearing>(undefined);
    hearing.current ??= new Hearing();
    const [remedy, setRemedy] = useState<Remedy>('none');
    useEffect(() => {
        const watch = hearing.current;
        if (!track || !watch) return;
        watch.start();
        const listening = ear(track);
        const look = () => { setRemedy(watch.look({ ended: track.readyState === 'ended', muted: track.muted, peak: listening.peak() }, performance.now())); };
        const timer = setInterval(look, LOOK_MS);
        track.addEventListener('ended', look);
        return () => {
            clearInterval(timer);
            track.removeEventListener('ended', look);
            listening.stop();
            watch.start();
            setRemedy('none');
        };
    }, [track]);
    const reacquire = useCallback(() => {
        hearing.current?.reacquiring();
        setRemedy('none');
        void again().then((had) => {
            if (had) return;
            hearing.current?.failed();
            setRemedy(hearing.current?.remedy ?? 'none');
        });
    }, [again]);
    return { remedy, reacquire };
}
