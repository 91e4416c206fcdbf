// SPDX-License-Identifier: Apache-2.0
//
// A short quiet tune from the speakers, started by a press.
import { useCallback, useEffect, useRef, useState } from 'react';

const NOTES = [523.25, 659.25, 783.99, 1046.5]; // c e g c
const NOTE_S = 0.28;
const LOUDNESS = 0.18;

function play(context: AudioContext): void {
    NOTES.forEach((hz, i) => {
        const tone = context.createOscillator();
        const gain = context.createGain();
        const at = context.currentTime + 0.05 + i * NOTE_S;
        tone.frequency.value = hz;
        gain.gain.setValueAtTime(0, at);
        gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.04);
        gain.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S * 1.6);
        tone.connect(gain).connect(context.destination);
        tone.start(at);
        tone.stop(at + NOTE_S * 1.7);
    });
}

export function useTone(): { playing: boolean; play: () => void } {
    const [playing, setPlaying] = useState(false);
    const context = useRef<AudioContext | null>(null);
    const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
    const start = useCallback(() => {
        context.current ??= new AudioContext();
        void context.current.resume();
        play(context.current);
        setPlaying(true);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => { setPlaying(false); }, (NOTES.length + 1) * NOTE_S * 1000);
    }, []);
    useEffect(() => () => {
        clearTimeout(timer.current);
        void context.current?.close();
        context.current = null;
    }, []);
    return { playing, play: start };
}
