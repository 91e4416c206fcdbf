// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { CHAT_KEPT, emptyLesson, lessonReducer, self, type LessonState } from '../../src/core/lesson.ts';
import { minutesLeft, shareGone, stageOf } from '../../src/core/stage.ts';
import { CLOSE_WORDS, type ServerMessage } from '../../src/core/protocol.gen.ts';
import { joined, member } from './made.ts';

const after = (s: LessonState, ...messages: ServerMessage[]): LessonState =>
    messages.reduce((state, message) => lessonReducer(state, { type: 'message', message, now: 1000 }), s);
const seated = after(emptyLesson, joined());

describe('the lesson as messages tell it', () => {
    it('learns the server\'s time from the welcome, a pong and the seat', () => {
        expect(after(emptyLesson, { type: 'welcome', protocol: 'parta.1', now: 1500, user: 1, name: 'x', ping_s: 2 }).clockOffset).toBe(500);
        expect(after(emptyLesson, { type: 'pong', id: 1, now: 700 }).clockOffset).toBe(-300);
        expect(after(emptyLesson, joined({ now: 4000 })).clockOffset).toBe(3000);
    });
    it('takes the seat with all that comes with it', () => {
        expect(seated).toMatchObject({ phase: 'seated', me: 1, resume: 'token', room: 'waiting', plan: { audio: 2, video: 2, screen: 1 } });
        expect(self(seated)?.name).toBe('Misha');
    });
    it('keeps the code and the time of a refusal, and forgets both with a seat', () => {
        const refused = after(emptyLesson, { type: 'refused', code: 'too_early', lesson: 310, at: 99 });
        expect([refused.phase, refused.refusal]).toEqual(['refused', { code: 'too_early', at: 99 }]);
        expect(after(emptyLesson, { type: 'refused', code: 'not_yours', lesson: 310 }).refusal?.at).toBeNull();
        expect(after(refused, joined()).refusal).toBeNull();
    });
    it('adds a person, changes it in its place, and lets it go with its slots', () => {
        const two = after(seated, { type: 'member', member: member(2, 'mentor') }, { type: 'slots', slots: [{ mid: '3', member: 2 }, { mid: '4', member: 0 }] });
        expect(two.members.map((m) => m.id)).toEqual([1, 2]);
        const hand = after(two, { type: 'member', member: { ...member(1, 'child'), hand: true } });
        expect(hand.members.map((m) => [m.id, m.hand])).toEqual([[1, true], [2, false]]);
        const gone = after(hand, { type: 'gone', member: 2, cause: 'left' });
        expect([gone.members.length, gone.slots[0]?.member]).toEqual([1, 0]);
    });
    it('follows the room, its break and its screen seconds', () => {
        expect(after(seated, { type: 'room', state: 'resting', break: 'screen', screen_used_s: 610, at: 1 })).toMatchObject({ room: 'resting', break: 'screen', screenUsedS: 610 });
    });
    it('takes a changed schedule', () => {
        const { lesson } = joined();
        expect(after(seated, { type: 'lesson', lesson: { ...lesson, end: 42 } }).lesson?.end).toBe(42);
    });
    it('knows who speaks', () => { expect(after(seated, { type: 'speaking', members: [1, 2] }).speaking).toEqual([1, 2]); });
    it('counts the lines of others as unread, until they are read, and keeps the last ones', () => {
        const line = (from: number): ServerMessage => ({ type: 'chat', line: { from, name: 'x', text: 'y', at: 1 } });
        const three = after(seated, line(1), line(2), line(2));
        expect([three.chat.length, three.unread]).toEqual([3, 2]);
        expect(lessonReducer(three, { type: 'chat_read' }).unread).toBe(0);
        const many = after(seated, ...Array.from({ length: CHAT_KEPT + 5 }, () => line(2)));
        expect(many.chat.length).toBe(CHAT_KEPT);
    });
    it('counts each quieting, so that the same one twice is seen twice', () => {
        const once = after(seated, { type: 'quieted', mic: true, camera: false });
        expect([once.quieted, after(once, { type: 'quieted', mic: true, camera: false }).quieted.n]).toEqual([{ mic: true, camera: false, n: 1 }, 2]);
    });
    it('holds a notice until it is read', () => {
        const told = after(seated, { type: 'notice', code: 'visitor_in', member: 3 });
        expect(told.notice).toEqual({ code: 'visitor_in', member: 3, at: 1000 });
        expect(lessonReducer(told, { type: 'notice_read' }).notice).toBeNull();
    });
    it('treats a restart of the server as a lost line, every other close as the end', () => {
        for (const code of CLOSE_WORDS) {
            const s = after(seated, { type: 'closed', code });
            if (code === 'server_restart') expect([s.phase, s.resume]).toEqual(['reconnecting', 'token']);
            else expect([s.phase, s.close, s.resume]).toEqual(['closed', code, null]);
        }
    });
    it('does not change by an error or an answer', () => {
        expect(after(seated, { type: 'error', code: 'not_now', re: 'chat', field: '', detail: '' }, { type: 'answer', sdp: 'v=0' }, { type: 'probe_answer', sdp: 'v=0' })).toBe(seated);
    });
    it('loses its line only from a seat', () => {
        expect(lessonReducer(seated, { type: 'line_lost' }).phase).toBe('reconnecting');
        expect(lessonReducer(emptyLesson, { type: 'line_lost' })).toBe(emptyLesson);
        const closed = after(seated, { type: 'closed', code: 'taken_over' });
        expect(lessonReducer(closed, { type: 'line_lost' })).toBe(closed);
    });
});

describe('the stage', () => {
    const lineOf = (mid: string) => (mid === '3' ? 'audio' : mid === '7' ? 'screen' : 'video');
    const room = (changes: Parameters<typeof member>[2] = {}): LessonState => after(seated,
        { type: 'member', member: member(2, 'mentor', { camera: true, ...changes }) }, { type: 'member', member: member(4, 'coordinator') }, { type: 'member', member: member(3, 'child') },
        { type: 'slots', slots: [{ mid: '3', member: 2 }, { mid: '5', member: 2 }, { mid: '7', member: 2 }] }, { type: 'speaking', members: [2] });
    it('shows the others, the mentor first, visitors apart, and never me', () => {
        const stage = stageOf(room(), lineOf);
        expect(stage.tiles.map((t) => [t.member.id, t.video, t.speaking])).toEqual([[2, '5', true], [3, null, false]]);
        expect([stage.visitors.map((m) => m.id), stage.me?.id, stage.mentor?.id, stage.audio]).toEqual([[4], 1, 2, ['3']]);
    });
    it.each([{ camera: false }, { present: false }, { resting: true }])('shows the animal of a person with %j', (changes) => {
        expect(stageOf(room(changes), lineOf).tiles[0]?.video).toBeNull();
    });
    it('shows a screen only while it is said to be shared and has a slot', () => {
        expect(stageOf(room(), lineOf).screen).toBeNull();
        expect(stageOf(room({ screen: true }), lineOf).screen?.mid).toBe('7');
        expect(stageOf(after(room({ screen: true }), { type: 'slots', slots: [] }), lineOf).screen).toBeNull();
    });
    it('counts minutes up and shares from 0 to 1', () => {
        expect([minutesLeft(60_001, 0), minutesLeft(60_000, 0), minutesLeft(0, 5)]).toEqual([2, 1, 0]);
        expect([shareGone(0, 100, -5), shareGone(0, 100, 25), shareGone(0, 100, 900), shareGone(5, 5, 5)]).toEqual([0, 0.25, 1, 0]);
    });
});
