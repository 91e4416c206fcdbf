// SPDX-License-Identifier: Apache-2.0
//
// A seminar or a meeting: who is drawn, how many pages of pictures there are, who may speak. Pure; the
// server decides all of it again by its own state.
import type { LessonState } from './lesson.ts';
import type { Line } from './media.ts';
import type { Member } from './protocol.gen.ts';

export const PINS_MAX = 6;
const SHOWN_MAX = 9;

export const isGroup = (s: LessonState): boolean => s.lesson?.kind === 'seminar' || s.lesson?.kind === 'meeting';

export const hasWord = (s: LessonState, member: number): boolean => s.floor.word.includes(member);

/** Place in the queue of hands, from 1; 0: no hand up. */
export const handPlace = (s: LessonState, member: number): number => s.floor.hands.findIndex((h) => h.member === member) + 1;

/** The people on the stage, by video slot so that nobody jumps; then who is heard without a picture, and the host. */
export function shownInGroup(s: LessonState, lineOf: (mid: string) => Line | null): Member[] {
    const by = new Map(s.members.map((m) => [m.id, m]));
    const ids = s.slots.filter((x) => x.member > 0 && lineOf(x.mid) === 'video').map((x) => x.member);
    ids.push(...s.speaking, ...s.members.filter((m) => m.seat === 'mentor').map((m) => m.id));
    return [...new Set(ids)].filter((id) => id !== s.me).slice(0, SHOWN_MAX).flatMap((id) => by.get(id) ?? []);
}

/** How many pages there are behind the first one, by the rule of PROTOCOL (`view`). 0: everybody fits on the first. */
export function pagesOf(s: LessonState, pins: number[]): number {
    const slots = s.plan?.video ?? SHOWN_MAX;
    const cameras = s.members.filter((m) => m.id !== s.me && m.camera && m.present);
    if (cameras.length <= slots) return 0;
    const host = cameras.some((m) => m.seat === 'mentor') ? 1 : 0;
    const pinned = cameras.filter((m) => m.seat !== 'mentor' && pins.includes(m.id)).length;
    const size = Math.max(1, slots - pinned - host - 1);
    return Math.ceil((cameras.length - host - pinned) / size);
}
