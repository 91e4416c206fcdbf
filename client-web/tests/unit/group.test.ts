// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { handPlace, hasWord, isGroup, pagesOf, shownInGroup } from '../../src/core/group.ts';
import { emptyLesson, lessonReducer, type LessonState } from '../../src/core/lesson.ts';
import { stageOf } from '../../src/core/stage.ts';
import type { Member, ServerMessage } from '../../src/core/protocol.gen.ts';
import { joined, member } from './made.ts';

const after = (s: LessonState, ...messages: ServerMessage[]): LessonState =>
    messages.reduce((state, message) => lessonReducer(state, { type: 'message', message, now: 1000 }), s);
const listener = (id: number, more: Partial<Member> = {}): Member => ({ ...member(id, 'child'), seat: 'listener', ...more });
const host = { ...member(2, 'mentor'), camera: true };
const seated = after(emptyLesson, joined({
    lesson: { ...joined().lesson, kind: 'seminar', title: 'Reading aloud' }, slots: { audio: 3, video: 9, screen: 1 },
    members: [listener(1), host, listener(3)],
}));
const lineOf = (mid: string) => (mid.startsWith('a') ? 'audio' : 'video');

describe('a seminar as messages tell it', () => {
    it('is a group by its kind', () => { expect([isGroup(seated), isGroup(after(emptyLesson, joined()))]).toEqual([true, false]); });
    it('takes news of many in one message: first who left, then who came or changed', () => {
        const s = after(seated, { type: 'slots', slots: [{ mid: 'v1', member: 3 }] },
            { type: 'members', members: [listener(4), listener(1, { hand: true })], gone: [{ member: 3, cause: 'lost' }] });
        expect(s.members.map((m) => [m.id, m.hand])).toEqual([[1, true], [2, false], [4, false]]);
        expect(s.slots[0]?.member).toBe(0);
        const back = after(s, { type: 'members', members: [listener(4, { camera: true })], gone: [{ member: 4, cause: 'left' }] });
        expect(back.members.find((m) => m.id === 4)?.camera).toBe(true);
    });
    it('knows who has the word and my place in the queue, and forgets both with a new seat', () => {
        const s = after(seated, { type: 'floor', word: [2], hands: [{ member: 3, spoke: false }, { member: 1, spoke: true }] });
        expect([hasWord(s, 2), hasWord(s, 1), handPlace(s, 1), handPlace(s, 2)]).toEqual([true, false, 2, 0]);
        expect(after(s, joined()).floor).toEqual({ word: [], hands: [] });
    });
});

describe('the stage of a seminar', () => {
    const many = after(seated, { type: 'members', gone: [], members: Array.from({ length: 28 }, (_, i) => listener(i + 10, { camera: true })) });
    it('draws whom the slots carry, in their order, then who is heard, then the host', () => {
        const s = after(many, { type: 'slots', slots: [{ mid: 'a1', member: 30 }, { mid: 'v1', member: 12 }, { mid: 'v2', member: 0 }, { mid: 'v3', member: 11 }] },
            { type: 'speaking', members: [30] });
        expect(shownInGroup(s, lineOf).map((m) => m.id)).toEqual([12, 11, 30, 2]);
        const stage = stageOf(s, lineOf);
        expect(stage.tiles.map((x) => [x.member.id, x.video, x.speaking])).toEqual([[12, 'v1', false], [11, 'v3', false], [30, null, true], [2, null, false]]);
    });
    it('counts pages as the server does', () => {
        expect(pagesOf(seated, [])).toBe(0);
        expect(pagesOf(many, [])).toBe(4); // 28 others by 7
        expect(pagesOf(many, [10, 11])).toBe(6); // 26 by 5
        expect(pagesOf(many, [10, 2, 99])).toBe(5); // the host and who is not there take no place: 27 by 6
    });
});
