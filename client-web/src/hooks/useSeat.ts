// SPDX-License-Identifier: Apache-2.0
//
// The seat of this page in a lesson: opens a session while the page is shown, keeps its token so that
// a reload comes back, wakes it when the page or the network wakes.
import { useCallback, useLayoutEffect, useState } from 'react';
import { learnNow } from '../core/clock.ts';
import { emptyLesson } from '../core/lesson.ts';
import { socketUrl } from '../core/probe.ts';
import type { SeatToken, SessionView } from '../core/seat.ts';
import { LessonSession } from '../core/session.ts';
import { framesOptions } from './frames.ts';

export interface Seat {
    view: SessionView;
    session: LessonSession | null;
    /** tries the door again, from the start */
    retry: () => void;
    /** takes the seat from another device */
    takeOver: () => void;
}

const nothing: SessionView = { lesson: emptyLesson, link: 'new', way: 'udp', lack: null, stalled: false, flows: false, report: null, sources: { mic: false, camera: false, screen: false }, restWish: null, voiceOnly: false };

function tokenOf(lesson: number): SeatToken {
    const key = `parta.seat.${lesson}`;
    return {
        read: () => sessionStorage.getItem(key),
        write: (token) => {
            if (token) sessionStorage.setItem(key, token);
            else sessionStorage.removeItem(key);
        },
    };
}

export function useSeat(lesson: number): Seat {
    const [view, setView] = useState<SessionView>(nothing);
    const [session, setSession] = useState<LessonSession | null>(null);
    const [turn, setTurn] = useState({ n: 0, takeOver: false });

    // Before the page takes its focus and is laid out: the line opens meanwhile.
    useLayoutEffect(() => {
        let offset = emptyLesson.clockOffset;
        const current = new LessonSession({
            url: socketUrl(location.origin),
            lesson,
            plan: { audio: 2, video: 2, screen: 1 }, // a one-to-one lesson; `joined` says if it is another
            takeOver: turn.takeOver,
            token: tokenOf(lesson),
            changed: (v) => {
                if (v.lesson.clockOffset !== offset) learnNow(Date.now() + v.lesson.clockOffset);
                offset = v.lesson.clockOffset;
                setView(v);
            },
            fault: (what) => { reportError(new Error(what)); },
            ...framesOptions(),
        });
        setSession(current);
        setView(nothing);
        const wake = () => { if (document.visibilityState === 'visible') current.wake(); };
        addEventListener('online', wake);
        // Chromium on phones: another network. Elsewhere it tells of its estimates alone, and often.
        const network = (navigator as Partial<Record<'connection', EventTarget & { type?: string }>>).connection;
        let kind = network?.type;
        const change = () => {
            if (network?.type !== kind) wake();
            kind = network?.type;
        };
        network?.addEventListener('change', change);
        document.addEventListener('visibilitychange', wake);
        return () => {
            removeEventListener('online', wake);
            network?.removeEventListener('change', change);
            document.removeEventListener('visibilitychange', wake);
            current.dispose();
            setSession(null);
        };
    }, [lesson, turn]);

    const retry = useCallback(() => { setTurn((t) => ({ n: t.n + 1, takeOver: false })); }, []);
    const takeOver = useCallback(() => { setTurn((t) => ({ n: t.n + 1, takeOver: true })); }, []);
    return { view, session, retry, takeOver };
}
