// SPDX-License-Identifier: Apache-2.0
//
// A lesson in the hand: picked up with M or a tap, moved with arrows or a second tap, put down with
// Enter. Without one, arrows walk from lesson to lesson. Letters are bound by their place on the keyboard.
import { useEffect, useState } from 'react';
import type { Conflict, Lesson, LessonBrief, Week } from '../../core/api.gen.ts';
import { byDay, clockOf, instantAt, isArrow, neighbour, placeOf, stepped, type Key, type Place } from '../../core/week.ts';

export interface Held { lesson: Lesson; at: Place }
/** A lesson that did not fit, and what stood in its way. */
export interface Clash { id: number; ghosts: LessonBrief[] }

const movable = (l: Lesson): boolean => l.state === 'scheduled' || l.state === 'needs_substitute';

const focused = (week: Week): Lesson | null => {
    const id = document.activeElement?.closest('[data-lesson]')?.getAttribute('data-lesson');
    return week.lessons.find((l) => String(l.id) === id) ?? null;
};
const focusOn = (id: number | null): void => { document.querySelector<HTMLElement>(`[data-lesson="${id}"]`)?.focus(); };

export function useMove(week: Week, active: boolean, asList: boolean, toggleList: () => void) {
    const [held, setHeld] = useState<Held | null>(null);
    const [asking, setAsking] = useState(false);
    const [tapping, setTapping] = useState(false);
    const [clash, setClash] = useState<Clash | null>(null);
    const days = week.days.map((d) => d.date);

    const pick = (lesson: Lesson) => { if (movable(lesson)) { setClash(null); setHeld({ lesson, at: placeOf(lesson.start, week.tz) }); } };
    const leave = () => { const id = held?.lesson.id ?? null; setHeld(null); setAsking(false); setTimeout(() => { focusOn(id); }); };
    const place = (at: Place) => { if (held) { setHeld({ ...held, at }); setAsking(true); } };

    const whileHeld = (e: KeyboardEvent, it: Held): boolean => {
        if (e.key === 'Escape') leave();
        else if (e.key === 'Enter') setAsking(true);
        else if (isArrow(e.key)) setHeld({ ...it, at: stepped(it.at, e.key, days) });
        else return false;
        return true;
    };
    const walk = (key: Key) => {
        const from = focused(week);
        if (!from) return false;
        focusOn(neighbour(byDay(week.lessons, days, week.tz), from.id, key, week.tz) ?? from.id);
        return true;
    };
    const freely = (e: KeyboardEvent): boolean => {
        const from = focused(week);
        if (e.code === 'KeyM' && from && !asList) pick(from);
        else if (e.code === 'KeyL') toggleList();
        else if (isArrow(e.key)) return walk(e.key);
        else return false;
        return true;
    };
    useEffect(() => {
        if (!active || asking) return;
        const press = (e: KeyboardEvent) => {
            const typing = e.target instanceof HTMLElement && e.target.closest('input, textarea, select, [role="dialog"]');
            if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
            if (held ? whileHeld(e, held) : freely(e)) { e.preventDefault(); e.stopPropagation(); }
        };
        addEventListener('keydown', press, true);
        return () => { removeEventListener('keydown', press, true); };
    });

    return {
        held, asking, tapping, clash, pick, place, leave,
        clock: held ? clockOf(held.at.minute) : '',
        start: held ? instantAt(held.at, week.tz, held.lesson.start) : 0,
        toggle: () => { setTapping(!tapping); setHeld(null); },
        done: () => { setHeld(null); setAsking(false); setClash(null); },
        refused: (conflicts: Conflict[]) => {
            if (held) setClash({ id: held.lesson.id, ghosts: conflicts.flatMap((c) => (c.other ? [c.other] : [])) });
        },
    };
}
