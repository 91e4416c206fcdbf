// SPDX-License-Identifier: Apache-2.0
//
// The lesson as this client knows it: a plain reducer from server messages and local events to a
// state that the room's screen can draw. No React, no document, no clock.
import type {
    BreakKind,
    ChatLine,
    CloseCode,
    Hand,
    LessonInfo,
    Member,
    NoticeCode,
    Refusal,
    RoomState,
    ServerMessage,
    Slot,
    SlotPlan,
} from './protocol.gen.ts';

export type Phase =
    | 'connecting' // first connection or coming back without a seat yet
    | 'refused' // no seat; refusal says why
    | 'seated' // in the room
    | 'reconnecting' // had a seat, the line is down
    | 'closed'; // out for good; close says why

export interface Notice {
    code: NoticeCode;
    member: number;
    at: number;
}

export interface LessonState {
    phase: Phase;
    refusal: { code: Refusal; at: number | null } | null;
    close: CloseCode | null;
    me: number;
    resume: string | null;
    lesson: LessonInfo | null;
    plan: SlotPlan | null;
    room: RoomState;
    break: BreakKind;
    members: Member[];
    slots: Slot[];
    speaking: number[];
    /** of a seminar or meeting: who has the word, and the hands in the order of the queue */
    floor: { word: number[]; hands: Hand[] };
    chat: ChatLine[];
    unread: number;
    notice: Notice | null;
    quieted: { mic: boolean; camera: boolean; n: number };
    screenUsedS: number;
    /** server time minus local time, ms */
    clockOffset: number;
}

export const CHAT_KEPT = 200;

export const emptyLesson: LessonState = {
    phase: 'connecting',
    refusal: null,
    close: null,
    me: 0,
    resume: null,
    lesson: null,
    plan: null,
    room: 'waiting',
    break: 'none',
    members: [],
    slots: [],
    speaking: [],
    floor: { word: [], hands: [] },
    chat: [],
    unread: 0,
    notice: null,
    quieted: { mic: false, camera: false, n: 0 },
    screenUsedS: 0,
    clockOffset: 0,
};

export type LessonEvent =
    | { type: 'message'; message: ServerMessage; now: number }
    | { type: 'line_lost' }
    | { type: 'chat_read' }
    | { type: 'notice_read' };

function withMember(members: Member[], m: Member): Member[] {
    const at = members.findIndex((x) => x.id === m.id);
    return at < 0 ? [...members, m] : members.map((x, i) => (i === at ? m : x));
}

function message(s: LessonState, m: ServerMessage, now: number): LessonState {
    switch (m.type) {
        case 'welcome':
        case 'pong':
            return { ...s, clockOffset: m.now - now };
        case 'joined':
            return {
                ...s,
                phase: 'seated',
                refusal: null,
                close: null,
                me: m.you,
                resume: m.resume,
                lesson: m.lesson,
                plan: m.slots,
                room: m.state,
                members: m.members,
                chat: m.chat,
                slots: [],
                speaking: [],
                floor: { word: [], hands: [] },
                screenUsedS: m.screen_used_s,
                clockOffset: m.now - now,
            };
        case 'refused':
            return { ...s, phase: 'refused', refusal: { code: m.code, at: m.at ?? null } };
        case 'member':
            return { ...s, members: withMember(s.members, m.member) };
        case 'gone':
            return {
                ...s,
                members: s.members.filter((x) => x.id !== m.member),
                slots: s.slots.map((x) => (x.member === m.member ? { ...x, member: 0 } : x)),
            };
        case 'members': {
            const left = new Set(m.gone.map((x) => x.member));
            const here = m.members.reduce(withMember, s.members.filter((x) => !left.has(x.id)));
            return { ...s, members: here, slots: s.slots.map((x) => (left.has(x.member) ? { ...x, member: 0 } : x)) };
        }
        case 'floor':
            return { ...s, floor: { word: m.word, hands: m.hands } };
        case 'room':
            return { ...s, room: m.state, break: m.break, screenUsedS: m.screen_used_s };
        case 'lesson':
            return { ...s, lesson: m.lesson };
        case 'slots':
            return { ...s, slots: m.slots };
        case 'speaking':
            return { ...s, speaking: m.members };
        case 'chat':
            return {
                ...s,
                chat: [...s.chat, m.line].slice(-CHAT_KEPT),
                unread: m.line.from === s.me ? s.unread : s.unread + 1,
            };
        case 'quieted':
            return { ...s, quieted: { mic: m.mic, camera: m.camera, n: s.quieted.n + 1 } };
        case 'notice':
            return { ...s, notice: { code: m.code, member: m.member ?? 0, at: now } };
        case 'closed':
            // A restart of the server is not an end: the client comes back into its seat by itself.
            return m.code === 'server_restart'
                ? { ...s, phase: 'reconnecting' }
                : { ...s, phase: 'closed', close: m.code, resume: null };
        default:
            return s;
    }
}

export function lessonReducer(s: LessonState, e: LessonEvent): LessonState {
    switch (e.type) {
        case 'message':
            return message(s, e.message, e.now);
        case 'line_lost':
            return s.phase === 'seated' ? { ...s, phase: 'reconnecting', speaking: [] } : s;
        case 'chat_read':
            return s.unread ? { ...s, unread: 0 } : s;
        case 'notice_read':
            return s.notice ? { ...s, notice: null } : s;
    }
}

/** Me, as the room lists me. */
export function self(s: LessonState): Member | undefined {
    return s.members.find((m) => m.id === s.me);
}

/** The slot line that carries this member, by kind of line: the index within the plan tells the kind. */
export function slotsOf(s: LessonState, member: number): Slot[] {
    return s.slots.filter((x) => x.member === member);
}
