// SPDX-License-Identifier: Apache-2.0
//
// The sound of media over WebSocket: tells when the browser wants a press before it plays, and lets any
// press anywhere be that one.
import { useEffect, useRef } from 'react';
import type { Sound } from '../core/frames/sound.ts';

export function useSound(sound: Sound | null, onBlocked: (blocked: boolean) => void): void {
    const tell = useRef(onBlocked);
    useEffect(() => { tell.current = onBlocked; });
    useEffect(() => {
        if (!sound) return;
        const stop = sound.watch((blocked) => { tell.current(blocked); });
        const press = () => { sound.resume(); };
        addEventListener('pointerup', press);
        addEventListener('keydown', press);
        return () => {
            stop();
            removeEventListener('pointerup', press);
            removeEventListener('keydown', press);
            tell.current(false);
        };
    }, [sound]);
}
