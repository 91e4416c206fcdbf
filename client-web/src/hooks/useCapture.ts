// SPDX-License-Identifier: Apache-2.0
//
// Microphone, camera and screen of this device, switched by the person alone. Nothing is taken before
// there is a seat, and everything is let go with it. What was on comes back on after a reload of the
// same lesson; nothing is ever switched on by anybody else.
import { useCallback, useEffect, useRef, useState } from 'react';
import { capture, captureProblem } from '../core/capture.ts';
import type { Remedy } from '../core/hearing.ts';
import type { Source } from '../core/media.ts';
import type { LessonSession } from '../core/session.ts';
import { useHearing } from './useHearing.ts';
import { useSeeing } from './useSeeing.ts';

export type CaptureState = 'off' | 'asking' | 'on' | 'blocked' | 'missing';
export type CaptureStates = Record<Source, CaptureState>;

export interface Capture {
    states: CaptureStates;
    /** the own picture, for the own seat */
    self: MediaStreamTrack | null;
    toggle: (source: Source) => void;
    /** what helps a microphone that is on and hears nothing */
    remedy: Remedy;
    /** takes the microphone anew */
    reacquire: () => void;
}

const OFF: CaptureStates = { mic: 'off', camera: 'off', screen: 'off' };

/** What the person had on in this lesson, for a reload; null at the first visit. */
function remembered(lesson: number): Source[] | null {
    const text = sessionStorage.getItem(`parta.on.${lesson}`);
    return text === null ? null : text.split(',').filter((s) => s === 'mic' || s === 'camera');
}

/**
 * `active` while there is a seat; `first` is what starts at the first visit; `quieted` counts what the
 * mentor has switched off.
 */
export function useCapture(session: LessonSession | null, active: boolean, lesson: number, first: Source[],
    quieted: { mic: boolean; camera: boolean; n: number }): Capture {
    const [states, setStates] = useState<CaptureStates>(OFF);
    const [self, setSelf] = useState<MediaStreamTrack | null>(null);
    /** also when it has ended by itself: that is to be cured */
    const [mic, setMic] = useState<MediaStreamTrack | null>(null);
    const tracks = useRef<Partial<Record<Source, MediaStreamTrack>>>({});
    const wanted = useRef(new Set<Source>());
    const initial = useRef(first);
    useEffect(() => { initial.current = first; });

    const put = useCallback((source: Source, state: CaptureState) => {
        setStates((s) => ({ ...s, [source]: state }));
        if (source === 'camera') setSelf(tracks.current.camera ?? null);
    }, []);

    const want = useCallback((source: Source, on: boolean) => {
        if (on) wanted.current.add(source);
        else wanted.current.delete(source);
        if (source !== 'screen') sessionStorage.setItem(`parta.on.${lesson}`, [...wanted.current].filter((s) => s !== 'screen').join(','));
    }, [lesson]);

    const drop = useCallback((source: Source, state: CaptureState = 'off') => {
        tracks.current[source]?.stop();
        delete tracks.current[source];
        put(source, state);
        void session?.setSource(source, null);
    }, [session, put]);

    const start = useCallback(async (source: Source): Promise<boolean> => {
        put(source, 'asking');
        try {
            const track = await capture(source);
            if (!wanted.current.has(source)) { track.stop(); return false; } // the seat has gone meanwhile
            tracks.current[source] = track;
            // The device was pulled out, or "Stop sharing" of the browser was pressed.
            track.onended = () => { drop(source, source === 'screen' ? 'off' : 'missing'); };
            put(source, 'on');
            if (source === 'mic') setMic(track);
            await session?.setSource(source, track);
            return true;
        } catch (error) {
            drop(source, source === 'screen' ? 'off' : captureProblem(error));
            return false;
        }
    }, [session, put, drop]);

    useEffect(() => {
        if (!session || !active) return;
        const held = tracks.current;
        const wants = wanted.current;
        for (const source of remembered(lesson) ?? initial.current) {
            wants.add(source);
            void start(source);
        }
        return () => {
            wants.clear();
            for (const source of ['mic', 'camera', 'screen'] as const) {
                held[source]?.stop();
                delete held[source];
            }
            setStates(OFF);
            setSelf(null);
            setMic(null);
        };
    }, [session, active, lesson, start]);

    const last = useRef(quieted.n);
    useEffect(() => {
        if (quieted.n === last.current) return;
        last.current = quieted.n;
        for (const source of ['mic', 'camera'] as const) {
            if (!quieted[source] || !tracks.current[source]) continue;
            want(source, false);
            drop(source);
            if (source === 'mic') setMic(null);
        }
    }, [quieted, want, drop]);

    const toggle = useCallback((source: Source) => {
        const on = tracks.current[source] === undefined;
        want(source, on);
        if (on) void start(source);
        else drop(source);
        if (source === 'mic' && !on) setMic(null);
    }, [start, drop, want]);

    const again = useCallback(() => {
        want('mic', true);
        // The old one first: some devices give the microphone to one track only.
        tracks.current.mic?.stop();
        return start('mic');
    }, [start, want]);
    const { remedy, reacquire } = useHearing(mic, again);
    const look = useCallback(() => {
        if (!wanted.current.has('camera')) return;
        tracks.current.camera?.stop();
        void start('camera');
    }, [start]);
    useSeeing(self, look);

    return { states, self, toggle, remedy: states.mic === 'asking' ? 'none' : remedy, reacquire };
}
