// SPDX-License-Identifier: Apache-2.0
//
// Microphone, camera and screen of this device, switched by the person alone. What was on comes back
// on after a reload of the same lesson; nothing is ever switched on by anybody else.
import { useCallback, useEffect, useRef, useState } from 'react';
import { capture, captureProblem } from '../core/capture.ts';
import type { Source } from '../core/media.ts';
import type { LessonSession } from '../core/session.ts';

export type CaptureState = 'off' | 'asking' | 'on' | 'blocked' | 'missing';
export type CaptureStates = Record<Source, CaptureState>;

export interface Capture {
    states: CaptureStates;
    /** the own picture, for the own seat */
    self: MediaStreamTrack | null;
    toggle: (source: Source) => void;
}

/** What the person had on in this lesson, for a reload; null at the first visit. */
function remembered(lesson: number): Source[] | null {
    const text = sessionStorage.getItem(`parta.on.${lesson}`);
    return text === null ? null : text.split(',').filter((s) => s === 'mic' || s === 'camera');
}

export function useCapture(session: LessonSession | null, lesson: number, first: Source[]): Capture {
    const [states, setStates] = useState<CaptureStates>({ mic: 'off', camera: 'off', screen: 'off' });
    const [self, setSelf] = useState<MediaStreamTrack | null>(null);
    const tracks = useRef<Partial<Record<Source, MediaStreamTrack>>>({});
    const initial = useRef(first);

    const put = useCallback((source: Source, state: CaptureState) => {
        setStates((s) => ({ ...s, [source]: state }));
        if (source === 'camera') setSelf(tracks.current.camera ?? null);
    }, []);

    const stop = useCallback((source: Source, state: CaptureState = 'off') => {
        tracks.current[source]?.stop();
        delete tracks.current[source];
        put(source, state);
        void session?.setSource(source, null);
    }, [session, put]);

    const start = useCallback(async (source: Source) => {
        put(source, 'asking');
        try {
            const track = await capture(source);
            tracks.current[source] = track;
            // The device was pulled out, or "Stop sharing" of the browser was pressed.
            track.onended = () => { stop(source, source === 'screen' ? 'off' : 'missing'); };
            put(source, 'on');
            await session?.setSource(source, track);
        } catch (error) {
            stop(source, source === 'screen' ? 'off' : captureProblem(error));
        }
    }, [session, put, stop]);

    // A new session (first visit, retry) takes what is on already and starts what should be on.
    useEffect(() => {
        if (!session) return;
        for (const [source, track] of Object.entries(tracks.current)) void session.setSource(source as Source, track);
        for (const source of remembered(lesson) ?? initial.current) if (!tracks.current[source]) void start(source);
    }, [session, lesson, start]);

    useEffect(() => {
        const held = tracks.current;
        return () => { Object.values(held).forEach((t) => { t.stop(); }); };
    }, []);

    useEffect(() => {
        const on = (['mic', 'camera'] as const).filter((s) => states[s] === 'on' || states[s] === 'asking');
        if (session) sessionStorage.setItem(`parta.on.${lesson}`, on.join(','));
    }, [states, lesson, session]);

    const toggle = useCallback((source: Source) => {
        if (tracks.current[source]) stop(source);
        else void start(source);
    }, [start, stop]);

    return { states, self, toggle };
}
