// SPDX-License-Identifier: Apache-2.0
//
// The microphone of the ready check: asked for by a press, or at once where the browser has allowed it
// before. Nothing is sent anywhere; the track stops with the page.
import { useCallback, useEffect, useRef, useState } from 'react';
import { capture, captureProblem } from '../core/capture.ts';
import { barOf, meterAfter, quietMeter, type VoiceMeter } from '../core/voice.ts';

export type VoiceState = 'ask' | 'asking' | 'listening' | 'silent' | 'heard' | 'blocked' | 'missing';

const LOOK_MS = 100;
const SILENT_MS = 10_000;

async function allowedBefore(): Promise<boolean> {
    try {
        return (await navigator.permissions.query({ name: 'microphone' })).state === 'granted';
    } catch {
        return false; // a browser that cannot tell: ask by a press
    }
}

/** Tells the bar of a track ten times a second until the result is called. */
function listen(track: MediaStreamTrack, tell: (bar: number) => void): () => void {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        tell(barOf(samples));
    }, LOOK_MS);
    return () => { clearInterval(timer); void context.close(); };
}

export function useVoice(): { state: VoiceState; meter: VoiceMeter; start: () => void } {
    const [state, setState] = useState<VoiceState>('ask');
    const [meter, setMeter] = useState(quietMeter);
    const stop = useRef<() => void>(() => undefined);
    const mounted = useRef(false);

    const start = useCallback(() => {
        stop.current();
        setState('asking');
        capture('mic').then((track) => {
            if (!mounted.current) { track.stop(); return; }
            setState('listening');
            setMeter(quietMeter);
            const silence = setTimeout(() => { setState((s) => (s === 'listening' ? 'silent' : s)); }, SILENT_MS);
            const deaf = listen(track, (bar) => { setMeter((m) => meterAfter(m, bar)); });
            track.onended = () => { stop.current(); setState('missing'); };
            stop.current = () => { clearTimeout(silence); deaf(); track.stop(); };
        }, (error: unknown) => { setState(captureProblem(error)); });
    }, []);

    useEffect(() => { if (meter.heard) setState((s) => (s === 'listening' || s === 'silent' ? 'heard' : s)); }, [meter.heard]);
    useEffect(() => {
        mounted.current = true;
        void allowedBefore().then((yes) => { if (yes && mounted.current) start(); });
        return () => { mounted.current = false; stop.current(); };
    }, [start]);
    return { state, meter, start };
}
