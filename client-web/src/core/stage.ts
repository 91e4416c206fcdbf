// SPDX-License-Identifier: Apache-2.0
//
// Who is drawn where: the people of a lesson and what their slots carry, as tiles. Pure.
import { isGroup, shownInGroup } from './group.ts';
import type { LessonState } from './lesson.ts';
import type { Line } from './media.ts';
import type { Member } from './protocol.gen.ts';

export interface Tile {
    member: Member;
    /** mid of the line that carries its camera, null: the animal sits there */
    video: string | null;
    speaking: boolean;
}

export interface StageModel {
    /** the shared screen, when there is one */
    screen: { mid: string; member: Member } | null;
    /** everybody but me who teaches or learns here, the mentor first */
    tiles: Tile[];
    /** lines to be heard */
    audio: string[];
    /** guardians and coordinators who look in */
    visitors: Member[];
    me: Member | null;
    mentor: Member | null;
}

const SEAT_ORDER = { mentor: 0, child: 1, guardian: 2, coordinator: 3, speaker: 4, listener: 5 } as const;

export function stageOf(s: LessonState, lineOf: (mid: string) => Line | null): StageModel {
    const lines = s.slots.map((slot) => ({ ...slot, line: lineOf(slot.mid) }));
    const others = s.members.filter((m) => m.id !== s.me);
    const carried = (member: number, line: Line): string | null =>
        lines.find((l) => l.member === member && l.line === line)?.mid ?? null;
    const shown = isGroup(s) ? shownInGroup(s, lineOf) : others
        .filter((m) => m.seat === 'mentor' || m.seat === 'child')
        .sort((a, b) => SEAT_ORDER[a.seat] - SEAT_ORDER[b.seat] || a.id - b.id);
    const tiles = shown
        .map((member) => ({
            member,
            video: member.camera && member.present && !member.resting ? carried(member.id, 'video') : null,
            speaking: s.speaking.includes(member.id),
        }));
    const sharing = others.find((m) => m.screen && m.present && carried(m.id, 'screen') !== null);
    const mid = sharing ? carried(sharing.id, 'screen') : null;
    return {
        screen: sharing && mid ? { mid, member: sharing } : null,
        tiles,
        audio: lines.filter((l) => l.line === 'audio').map((l) => l.mid),
        visitors: others.filter((m) => m.seat === 'guardian' || m.seat === 'coordinator'),
        me: s.members.find((m) => m.id === s.me) ?? null,
        mentor: s.members.find((m) => m.seat === 'mentor') ?? null,
    };
}

/** Whole minutes until the end, rounded up; 0 when it is over. */
export const minutesLeft = (end: number, now: number): number => Math.max(0, Math.ceil((end - now) / 60_000));

/** How much of the lesson has gone, 0 to 1. */
export const shareGone = (start: number, end: number, now: number): number =>
    Math.min(1, Math.max(0, (now - start) / Math.max(1, end - start)));
