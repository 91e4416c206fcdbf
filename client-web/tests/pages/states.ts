// SPDX-License-Identifier: Apache-2.0
//
// The states of the room as a server would tell them, for pictures and for checks of the markup.
import type { SessionView } from '../../src/core/seat.ts';
import type { Lack } from '../../src/core/frames/features.ts';
import { emptyLesson, type LessonState } from '../../src/core/lesson.ts';
import type { ChatLine, Member, NoticeCode, Seat } from '../../src/core/protocol.gen.ts';
import type { LessonFull } from '../../src/core/api.gen.ts';
import type { Remedy } from '../../src/core/hearing.ts';
import type { CaptureStates } from '../../src/hooks/useCapture.ts';
import { lesson } from '../mock/lessons.ts';
import { school, YEKB } from '../mock/people.ts';

export interface RoomScene { view: SessionView; capture: CaptureStates; remedy: Remedy }

const MINUTE = 60_000;

const NAMES = {
    ru: { mentor: 'Анна Сергеевна', child: 'Миша', other: 'Соня', visitor: 'Ирина', ask: 'Половина яблока — это сколько четвертей?', say: 'две!' },
    en: { mentor: 'Anna Sergeevna', child: 'Misha', other: 'Sofia', visitor: 'Irina', ask: 'How many quarters are there in half an apple?', say: 'two!' },
};

const member = (id: number, name: string, seat: Seat, animal: string, more: Partial<Member> = {}): Member =>
    ({ id, name, seat, animal, present: true, mic: true, camera: false, screen: false, hand: false, resting: false, ...more });

/** What the API tells of the lesson. */
export const lessonFull = (lang: 'ru' | 'en'): LessonFull => ({
    ...lesson(lang, { id: 501, subject: 'maths', start: Date.now(), mentor: 'anna', child: 'misha', tz: YEKB }),
    school: school(lang), reason: null, side: null, moved_from: null, moved_to: null, make_up_of: null, substitute_for: null, notes: [], editable: false, may: [],
});

/** Mid 3 hears, mid 5 sees, mid 7 shows a screen: as the slots of a one-to-one lesson. */
export const lineOf = (mid: string) => (mid.startsWith('v') ? 'video' : mid === '3' || mid === '4' ? 'audio' : mid === '7' ? 'screen' : 'video');

function base(lang: 'ru' | 'en', who: string, now: number): LessonState {
    const n = NAMES[lang];
    const members = [member(1, n.child, 'child', 'fox'), member(2, n.mentor, 'mentor', 'owl', { camera: true })];
    const me = who === 'child' ? 1 : who === 'mentor' ? 2 : 9;
    if (me === 9) members.push(member(9, n.visitor, 'coordinator', 'owl', { mic: false }));
    const start = now - 22 * MINUTE;
    const other = me === 2 ? 1 : 2;
    return {
        ...emptyLesson, phase: 'seated', me, room: 'live', members, plan: { audio: 2, video: 2, screen: 1 },
        lesson: { id: 501, subject: 'maths', kind: 'lesson', start, end: start + 40 * MINUTE, opens: start - 10 * MINUTE, closes: start + 45 * MINUTE, screen_limit_s: 1500 },
        slots: [{ mid: '3', member: other }, { mid: '4', member: 0 }, { mid: '5', member: other }, { mid: '6', member: 0 }, { mid: '7', member: 0 }],
        screenUsedS: 17 * 60,
    };
}

const set = (s: LessonState, id: number, more: Partial<Member>): void => { s.members = s.members.map((m) => (m.id === id ? { ...m, ...more } : m)); };
const told = (s: LessonState, code: NoticeCode, now: number, id = 0): void => { s.notice = { code, member: id, at: now }; };
const line = (from: number, name: string, text: string, at: number): ChatLine => ({ from, name, text, at });

function shift(s: LessonState, start: number): void {
    if (s.lesson) s.lesson = { ...s.lesson, start, end: start + 40 * MINUTE };
}

const PEOPLE = ['Ольга', 'Пётр', 'Наиля', 'Ирина', 'Глеб', 'Елена Викторовна', 'Рустам', 'Светлана', 'Олег', 'Тамара', 'Артём', 'Лидия', 'Юрий', 'Вера'];

/** A seminar of adults: the mentor hosts it, a child's seat becomes a listener's. */
function seminar(s: LessonState, many: boolean): void {
    const n = many ? PEOPLE.length : 2;
    s.members = [
        ...s.members.map((m) => (m.seat === 'child' ? { ...m, seat: 'listener' as const, mic: false } : m)),
        ...PEOPLE.slice(0, n).map((name, i) => member(20 + i, name, i < 2 ? 'speaker' : 'listener', ['fox', 'owl', 'bear'][i % 3] ?? 'fox', { mic: i < 2, camera: many, hand: i > 2 && i < 6 })),
    ];
    if (s.lesson) s.lesson = { ...s.lesson, kind: 'seminar', title: many ? 'Чтение вслух: как помочь ребёнку' : 'Reading', screen_limit_s: 0 };
    s.plan = { audio: 3, video: 9, screen: 1 };
    s.slots = [{ mid: '3', member: 20 }, { mid: '4', member: 0 }, ...(many ? [2, 20, 21, 22, 23, 24, 25, 26, 27] : []).map((id, i) => ({ mid: `v${i}`, member: id === s.me ? 28 : id }))];
    s.speaking = [20];
    const hands = [23, 24, 25].filter((id) => s.members.some((m) => m.id === id && m.hand));
    s.floor = { word: [2, 20, 21], hands: hands.map((id) => ({ member: id, spoke: id === 25 })) };
}

type Change = (s: LessonState, v: SessionView, n: typeof NAMES.ru, now: number, c: CaptureStates) => void;

export const SCENES: Record<string, Change> = {
    live: (s, _v, n, now) => {
        s.speaking = [2];
        s.chat = [line(2, n.mentor, n.ask, now - 5000)];
        s.unread = 1;
        set(s, 1, { hand: true });
    },
    wait: (s, _v, _n, now) => { s.room = 'waiting'; shift(s, now + 7 * MINUTE); s.members = s.members.filter((m) => m.id === s.me); },
    late: (s, _v, _n, now) => { s.room = 'waiting'; s.members = s.members.filter((m) => m.id === s.me); told(s, 'mentor_late', now); },
    weak: (s, v, n) => { v.report = { loss_permille: 180, rtt_ms: 900, up_kbps: 60, down_kbps: 80 }; s.chat = [line(2, n.mentor, n.ask, 0)]; s.unread = 1; },
    voice: (s) => { set(s, 2, { camera: false }); s.speaking = [2]; },
    reconnecting: (s, v) => { s.phase = 'reconnecting'; v.link = 'lost'; v.flows = false; },
    voice_only: (s, v) => { v.voiceOnly = true; set(s, s.me, { pictures: 0 }); s.slots = s.slots.map((x) => (x.mid === '5' ? { ...x, member: 0 } : x)); },
    voice_only_there: (s) => { for (const m of s.members) if (m.id !== s.me) set(s, m.id, { pictures: 0, camera: false }); },
    paused: (s, v) => { v.report = { loss_permille: 180, rtt_ms: 900, up_kbps: 60, down_kbps: 80 }; s.slots = s.slots.map((x) => (x.mid === '5' ? { ...x, step: 0 } : x)); },
    reserve: (_s, v) => { v.way = 'frames'; },
    frozen: (s) => { s.room = 'frozen'; set(s, 2, { present: false }); },
    resting: (s) => { s.room = 'resting'; set(s, 1, { resting: true }); },
    break: (s) => { s.room = 'resting'; s.break = 'screen'; },
    five: (s, _v, _n, now) => { shift(s, now - 35 * MINUTE); told(s, 'five_minutes', now); },
    visitor: (s, _v, n, now) => { s.members = [...s.members, member(7, n.visitor, 'coordinator', 'owl', { mic: false })]; told(s, 'visitor_in', now, 7); },
    seen: (s, _v, _n, _now, c) => { set(s, 1, { camera: true }); c.camera = 'on'; s.slots = s.slots.map((x) => ({ ...x })); },
    blocked: (_s, _v, _n, _now, c) => { c.mic = 'blocked'; },
    screen: (s) => { set(s, 2, { screen: true }); s.slots = s.slots.map((x) => (x.mid === '7' ? { ...x, member: 2 } : x)); },
    group: (s, _v, n) => {
        s.members = [...s.members, member(3, n.other, 'child', 'owl', { hand: true }), member(4, 'Лев', 'child', 'bear', { present: false }), member(5, 'Эмма', 'child', 'fox', { mic: false })];
    },
    seminar: (s) => { seminar(s, true); },
    seminar_few: (s) => { seminar(s, false); },
    written: (s, _v, n, now) => {
        s.chat = [line(1, n.child, n.say, now - 9000), line(2, n.mentor, n.ask, now - 5000), line(1, n.child, '2/4 ?', now - 1000)];
    },
};

export function scene(name: string, lang: 'ru' | 'en', who: string, now: number): RoomScene {
    const lesson = base(lang, who, now);
    const view: SessionView = { lesson, link: 'connected', way: 'udp', lack: null, stalled: false, flows: true, report: null, sources: { mic: true, camera: false, screen: false }, restWish: null, voiceOnly: false };
    const capture: CaptureStates = { mic: 'on', camera: who === 'mentor' ? 'on' : 'off', screen: 'off' };
    if (name.startsWith('lack_')) view.lack = name.slice('lack_'.length) as Lack;
    SCENES[name]?.(lesson, view, NAMES[lang], now, capture);
    const remedy: Remedy = name === 'deaf' ? 'reacquire' : name === 'deaf_still' ? 'reload' : 'none';
    return { view, capture, remedy };
}
