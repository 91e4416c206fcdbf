// SPDX-License-Identifier: Apache-2.0
//
// What this viewer of a seminar or meeting has chosen to see: a page, and people who stay in view. Told
// to the server on change and again with each new seat.
import { useCallback, useEffect, useState } from 'react';
import { isGroup, pagesOf, PINS_MAX } from '../core/group.ts';
import type { LessonState } from '../core/lesson.ts';
import type { LessonSession } from '../core/session.ts';

export interface GroupView {
    /** 0: who speaks */
    page: number;
    /** pages behind the first */
    pages: number;
    pins: number[];
    turn: (by: number) => void;
    pin: (member: number) => void;
}

export function useGroup(s: LessonState, session: Pick<LessonSession, 'send'>): GroupView | null {
    const [page, setPage] = useState(0);
    const [pins, setPins] = useState<number[]>([]);
    const group = isGroup(s);
    const pages = pagesOf(s, pins);
    const at = Math.min(page, pages);
    const seated = s.phase === 'seated';
    const chosen = at > 0 || pins.length > 0;
    const [told, setTold] = useState(false);

    useEffect(() => {
        if (!group || !seated || (!chosen && !told)) return;
        session.send({ type: 'view', page: at, pins });
        setTold(true);
    }, [group, seated, chosen, told, at, pins, session]);

    const turn = useCallback((by: number) => { setPage(Math.max(0, Math.min(pages, at + by))); }, [pages, at]);
    const pin = useCallback((member: number) => {
        setPins((ids) => (ids.includes(member) ? ids.filter((id) => id !== member) : [...ids, member].slice(-PINS_MAX)));
    }, []);
    return group ? { page: at, pages, pins, turn, pin } : null;
}
