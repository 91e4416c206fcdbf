// SPDX-License-Identifier: Apache-2.0
//
// Voice only: one tap stops the pictures both ways, one tap brings back what there was. Kept over a reload.
import { useCallback, useEffect, useRef } from 'react';
import type { LessonSession } from '../core/session.ts';
import type { Capture } from './useCapture.ts';

/** Tells the session what was chosen before a reload; answers with the switch. */
export function useVoiceOnly(session: LessonSession | null, on: boolean, lesson: number, capture: Pick<Capture, 'states' | 'toggle'>): () => void {
    const key = `parta.voice.${lesson}`;
    const had = useRef(false); // the camera was on
    useEffect(() => {
        if (session && sessionStorage.getItem(key) !== null) session.setVoiceOnly(true);
    }, [session, key]);
    const { states, toggle } = capture;
    const { camera, screen } = states;
    return useCallback(() => {
        if (on) {
            sessionStorage.removeItem(key);
            if (had.current && camera === 'off') toggle('camera');
        } else {
            sessionStorage.setItem(key, 'on');
            had.current = camera === 'on' || camera === 'asking';
            if (had.current) toggle('camera');
            if (screen === 'on') toggle('screen');
        }
        session?.setVoiceOnly(!on);
    }, [session, on, key, camera, screen, toggle]);
}
