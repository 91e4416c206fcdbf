// SPDX-License-Identifier: Apache-2.0
import type { Event, EventBrief, EventInvite, EventPeople } from '../../src/core/api.gen.ts';
import { type Ask, ok, refuse, type Reply } from './answer.ts';
import { at, type Name, people, school, TZ } from './people.ts';

const say = (locale: 'ru' | 'en') => (ru: string, en: string): string => (locale === 'ru' ? ru : en);

function invite({ locale }: Ask, name: Name, more: Partial<EventInvite> = {}): EventInvite {
    return { person: people(locale)(name), part: 'listener', via: 'role', child: false, exception: null, answer: 'none', note: null, answered: null, answered_by: null, mark: 'none', self: false, ...more };
}

const child = (ask: Ask, more: Partial<EventInvite> = {}): EventInvite =>
    invite(ask, 'misha', { child: true, via: 'exception', exception: say(ask.locale)('играет на открытии', 'plays at the opening'), ...more });

const OWN: Record<string, Name> = { mentor: 'anna', coordinator: 'irina', school_officer: 'officer', guardian: 'mother' };

function mine(ask: Ask): EventInvite[] {
    const name = OWN[ask.who ?? ''];
    if (ask.who === 'guardian') return [child(ask)];
    if (ask.who === 'child') return [child(ask, { answer: 'yes', answered: at(22, '18:00'), answered_by: people(ask.locale)('mother') })];
    return name ? [invite(ask, name, { part: ask.who === 'mentor' || ask.who === 'coordinator' ? 'host' : 'listener', answer: ask.who === 'mentor' ? 'yes' : 'none' })] : [];
}

function briefs(ask: Ask): EventBrief[] {
    const s = say(ask.locale);
    const base = { tz: TZ, state: 'planned', minutes: 'draft', mine: mine(ask) } as const;
    return [
        { ...base, id: 5, kind: 'joint_meeting', title: s('Как мы планируем весну', 'How we plan the spring'), place: s('Центр, зал 2', 'The centre, hall 2'), start: at(26, '15:00'), end: at(26, '16:30'), answer_by: at(25, '15:00') },
        { ...base, id: 6, kind: 'seminar', title: s('Первый разговор с ребёнком', 'The first talk with a child'), place: 'https://meet.example/parta', start: at(27, '16:00'), end: at(27, '17:00'), answer_by: at(26, '16:00'), mine: ask.who === 'guardian' ? [] : base.mine },
        { ...base, id: 7, kind: 'conference', title: s('Сеть школ за год', 'A year of the network'), place: s('Школа № 12', 'School 12'), start: at(30, '10:00'), end: at(30, '16:00'), answer_by: at(29, '10:00'), state: 'cancelled', mine: [] },
    ];
}

/** A child's list is empty but for the one it may come to. */
const listed = (ask: Ask): EventBrief[] => (ask.scene === 'empty' ? [] : ask.who !== 'child' ? briefs(ask) : ask.scene === 'invited' ? briefs(ask).slice(0, 1) : []);

function event(ask: Ask): Event {
    const s = say(ask.locale);
    const p = people(ask.locale);
    const { scene, who } = ask;
    const begun = scene === 'event-begun';
    const closed = scene === 'event-closed' || scene === 'event-signed';
    const keeps = who === 'coordinator' || who === 'mentor';
    const [first] = briefs(ask) as [EventBrief];
    const marked = closed ? { mark: 'present' as const } : {};
    const invites = [
        invite(ask, 'irina', { part: 'host', via: 'person', answer: 'yes', ...marked }), invite(ask, 'anna', { part: 'host', via: 'person', answer: 'yes', ...marked }),
        invite(ask, 'officer', { via: 'school', answer: 'maybe', note: s('зависит от автобуса', 'a bus decides'), ...(closed ? { mark: 'absent' } : {}) }),
        invite(ask, 'mother', { answer: 'no', ...(closed ? { mark: 'absent' } : {}) }), child(ask, closed ? { mark: 'absent' } : {}),
    ];
    const text = s('Слушали отчёт о зиме. Весной добавится вторая группа.', 'Heard the report on the winter. A second group comes in spring.');
    return {
        ...first, ...(scene === 'event-cancelled' ? { state: 'cancelled', reason: s('болеет председатель', 'the chair is ill') } : { reason: null }),
        ...(begun || closed ? { start: at(23, '10:00'), end: at(23, '11:30'), answer_by: at(22, '10:00') } : {}),
        minutes: scene === 'event-signed' ? 'signed' : closed ? 'frozen' : 'draft',
        about: s('Что получилось зимой и как мы распределим часы.', 'What went well in winter, and how we share the hours.'),
        chair: p('irina'), secretary: p('anna'), organiser: p('irina'),
        agenda: [
            { title: s('Отчёт о зиме', 'The winter in numbers'), speaker: p('anna'), speaker_name: null, minutes: 30 },
            { title: s('Слово врача', 'A doctor speaks'), speaker: null, speaker_name: s('доктор Орлов', 'Dr Orlov'), minutes: 20 },
            { title: s('Вопросы', 'Questions'), speaker: null, speaker_name: null, minutes: 40 },
        ],
        invites: keeps ? invites : [],
        counts: { invited: 5, yes: 2, maybe: 1, no: 1, silent: 1, present: closed ? 2 : 0, late: 0, absent: closed ? 3 : 0, unmarked: closed ? 0 : 5 },
        quorum: { needed: 3, present: closed ? 2 : 0, holds: false },
        text: closed || (begun && keeps) ? text : null,
        decisions: closed || (begun && keeps) ? [
            { text: s('Составить список второй группы', 'Write the list of the second group'), who: p('anna'), who_name: null, due: '2026-12-10' },
            { text: s('Позвать врача ещё раз', 'Ask the doctor again'), who: null, who_name: s('доктор Орлов', 'Dr Orlov'), due: null },
        ] : [],
        signatures: { frozen: closed ? at(23, '12:00') : null, chair: scene === 'event-signed' ? at(23, '12:10') : null, secretary: closed && who !== 'mentor' ? at(23, '12:05') : null },
        addenda: scene === 'event-signed' ? [{ text: s('Список готов раньше: 8 декабря.', 'The list is ready sooner: 8 December.'), at: at(24, '9:00'), by: p('anna') }] : [],
        may: { change: who === 'coordinator' && !begun && !closed && scene !== 'event-cancelled', write: keeps && begun, add: keeps && closed, sign: keeps && scene === 'event-closed', check_in: begun && who === 'mentor' },
    };
}

function everybody({ locale }: Ask): EventPeople {
    const p = people(locale);
    const roles = { irina: 'coordinator', anna: 'mentor', mother: 'guardian', officer: 'school_officer' } as const;
    return {
        people: (Object.keys(roles) as (keyof typeof roles)[]).map((n) => ({ id: p(n).id, name: p(n).name, role: roles[n] })),
        schools: [12, 31].map((n) => ({ id: n, name: school(locale, n as 12 | 31).name })), tz: TZ,
    };
}

/** /events and /event-people; null: another's business. */
export function events(ask: Ask): Reply | null {
    const path = ask.url.pathname;
    if (path === '/event-people') return ok(everybody(ask));
    if (!path.startsWith('/events')) return null;
    if (ask.scene === 'events-down') return refuse(503, 'unavailable');
    if (path === '/events' && ask.method === 'GET') return ok({ items: listed(ask), next: null });
    if (path.endsWith('/answer') && ask.scene === 'event-late') return refuse(409, 'gate', { gate: 'event_answer_late' });
    if (path.endsWith('/freeze')) return refuse(409, 'gate', { gate: 'event_unmarked' });
    if (path === '/events' && ask.method === 'POST' && ask.scene === 'event-long') return refuse(409, 'gate', { gate: 'event_agenda_long' });
    return ok(event(ask), { etag: '"v3"' });
}

