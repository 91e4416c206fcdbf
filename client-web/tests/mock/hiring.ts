// SPDX-License-Identifier: Apache-2.0
//
// Hiring in the made-up world: Anna's file is in order but for a certificate that runs out, Ksenia's waits to
// be checked, Elena's came back, and Nina has only begun.
import type { Application, ApplicationState, ChildMoves, Expiry, GateCause, GateState, HiringActor, HiringFile, MentorPapersPage, StaffDocument, TeachGate, TeachVerdict } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { lesson } from './lessons.ts';
import { at, NOW, people, school, TZ, type Name } from './people.ts';

type L = 'ru' | 'en';
const DAY = 86_400_000;
const word = (locale: L, ru: string, en: string): string => (locale === 'ru' ? ru : en);

const PAPERS: TeachGate[] = ['account', 'training', 'training_topic', 'work_book', 'application', 'no_record', 'no_record_age', 'course', 'rating_sheet', 'qualification'];
const gate = (g: TeachGate, cause: GateCause = 'holds', actor: HiringActor = 'none', until: number | null = null): GateState => ({ gate: g, cause, actor, until });

interface Person { missing: Partial<Record<TeachGate, GateCause>>; app: ApplicationState | null; soon: boolean }
const FILES: Partial<Record<Name, Person>> = {
    anna: { missing: {}, app: 'employed', soon: true },
    denisov: { missing: {}, app: 'employed', soon: false },
    lebed: { missing: { no_record: 'expired', no_record_age: 'expired' }, app: 'suspended', soon: false },
    novik: { missing: { training: 'waiting', training_topic: 'waiting', work_book: 'waiting', course: 'waiting' }, app: 'verification', soon: false },
    orlova: { missing: { rating_sheet: 'missing' }, app: 'returned', soon: false },
    shah: { missing: {}, app: 'recommended', soon: false },
    vera: { missing: Object.fromEntries(PAPERS.slice(1).map((g) => [g, 'missing'])), app: null, soon: false },
};
const NAMES = Object.keys(FILES) as Name[];

const gates = (p: Person): GateState[] => PAPERS.map((g) => {
    const cause = p.missing[g] ?? 'holds';
    return gate(g, cause, cause === 'holds' ? 'none' : cause === 'waiting' ? 'coordinator' : 'mentor', g === 'no_record_age' && p.soon ? at(7, '0:00') + 16 * DAY + 12 * DAY : null);
});
const soon = (p: Person) => (p.soon ? [{ gate: 'no_record_age' as const, until: at(7, '0:00') + 28 * DAY, days: 14 }] : []);

function documents(locale: L, p: Person): StaffDocument[] {
    const kinds = ['work_book', 'application', 'no_record', 'course', 'rating_sheet'] as const;
    return kinds.flatMap((kind, i) => {
        const cause = p.missing[kind] ?? 'holds';
        const back = p.app === 'returned' && kind === 'rating_sheet';
        if (cause === 'missing' && !back) return [];
        const checked = cause === 'holds' || cause === 'expired';
        return [{
            id: 900 + i, kind, type: kind === 'rating_sheet' ? 'jpeg' : 'pdf', bytes: 184_320 + i * 90_000, issued: '2026-09-0' + (i + 1), expires: cause === 'expired' ? '2026-11-20' : null,
            original_seen: kind === 'work_book', verified_by: checked && !back ? people(locale)('irina') : null, verified_at: checked && !back ? NOW - 30 * DAY : null,
            returned_by: back ? people(locale)('irina') : null, returned_at: back ? NOW - DAY : null,
            reason: back ? word(locale, 'Нет подписи директора на второй странице', 'The principal has not signed the second page') : null, sent_at: NOW - 40 * DAY,
        } satisfies StaffDocument];
    });
}

function application(locale: L, state: ApplicationState): Application {
    const ordered = ['order_issued', 'acquainted', 'employed', 'suspended', 'ended'].includes(state);
    return {
        id: 71, school: school(locale), state, since: NOW - 3 * DAY, rev: 4,
        reason: state === 'returned' ? word(locale, 'Оценочный лист не подписан', 'The rating sheet is not signed') : state === 'suspended' ? 'document_expired' : null,
        order: ordered ? { number: '77-k', date: '2026-09-01', rate_percent: 50, week_minutes: 540, from: '2026-09-02', to: '2027-05-31', acquainted_at: state === 'order_issued' ? null : NOW - 80 * DAY } : null,
    };
}

function file({ locale, who, scene }: Ask, name: Name): HiringFile {
    const p: Person = scene === 'empty' ? { missing: FILES.vera?.missing ?? {}, app: null, soon: false }
        : scene === 'order' ? { missing: {}, app: 'order_issued', soon: true } : scene === 'returned' || scene === 'papers' ? { missing: { rating_sheet: 'missing' }, app: 'returned', soon: false }
            : scene === 'expired' ? { missing: { no_record: 'expired', no_record_age: 'expired' }, app: 'suspended', soon: false } : FILES[name] ?? { missing: {}, app: null, soon: false };
    const bare = p.missing.training === 'missing';
    const officer = who === 'school_officer';
    const checked = p.missing.training === 'waiting' ? null : people(locale)('irina');
    return {
        mentor: people(locale)(name), tz: TZ, documents: bare ? [] : documents(locale, p), checklist: gates(p), complete: Object.keys(p.missing).length === 0, expiring: soon(p),
        trainings: bare ? [] : [{ id: 31, course: word(locale, 'Контакт с больным ребёнком', 'The contact with a sick child'), provider: word(locale, 'Институт развития образования', 'Institute of Education'), hours: 72, issued: '2026-02-10', expires: '2029-02-09', topics: ['contact_psychology', 'safeguarding'], verified_by: checked }],
        qualifications: bare ? [] : [{ id: 41, subject: 'maths', level: word(locale, 'высшая категория', 'highest category'), grade_from: 5, grade_to: 9, issued: '2020-06-30', verified_by: people(locale)('irina') }],
        interviews: bare || officer ? [] : [{ id: 51, date: '2026-08-28', score: 4, evidence: word(locale, 'Разобрали два случая: ребёнок молчит, ребёнок плачет', 'Two cases talked through: a silent child, a crying child'), by: people(locale)('irina') }],
        applications: p.app ? [application(locale, p.app)] : [], schools: officer ? [] : p.app ? [school(locale, 31)] : [school(locale), school(locale, 31)],
    };
}

function list({ locale, who, scene }: Ask): MentorPapersPage {
    const all = NAMES.map((n) => {
        const p = FILES[n] as Person;
        return {
            mentor: people(locale)(n), missing: gates(p).filter((g) => g.cause !== 'holds'), expiring: soon(p), complete: Object.keys(p.missing).length === 0,
            applications: p.app ? [{ id: 71, school: school(locale), state: p.app, since: NOW - 3 * DAY }] : [],
        };
    });
    return { next: null, items: scene === 'empty' ? [] : who === 'school_officer' ? all.filter((m) => m.applications.length > 0) : all };
}

function verdict({ url, scene }: Ask): TeachVerdict {
    const fails: GateState[] = [gate('employment', 'missing', 'school'), gate('order', 'missing', 'school'), gate('acquainted', 'missing', 'mentor'), gate('introduction', 'missing', 'coordinator'), gate('consent', 'expired', 'guardian')];
    const rest = [...PAPERS.map((g) => gate(g)), gate('suspension'), gate('assignment')];
    const may = scene === 'may' || url.searchParams.get('child') === '46';
    return may ? { may, until: at(7, '0:00') + 28 * DAY, gates: [...rest, ...fails.map((f) => gate(f.gate))] } : { may, until: null, gates: [...rest, ...fails] };
}

function moves({ locale, scene }: Ask): ChildMoves {
    const schools = [school(locale), school(locale, 31)];
    if (scene === 'empty') return { items: [], schools };
    return {
        schools, items: [{
            id: 5, child: people(locale)('timur'), from: school(locale, 31), to: school(locale), reason: word(locale, 'Переезд', 'Moved house'), at: NOW - 2 * DAY, lessons: 3,
            mentors: [{ mentor: people(locale)('orlova'), gates: [gate('employment', 'missing', 'school')] }],
        }],
    };
}

const expiries = ({ locale }: Ask): Expiry[] => [
    { mentor: people(locale)('anna'), school: null, gate: 'no_record_age', until: at(7, '0:00') + 28 * DAY, days: 14, told_at: NOW - DAY },
    { mentor: people(locale)('denisov'), school: school(locale), gate: 'order', until: at(26, '0:00'), days: 3, told_at: NOW - DAY },
];

const offers = ({ locale, scene }: Ask) => [
    ...(scene === 'nobody' ? [] : [{ mentor: people(locale)('denisov'), may: true, gates: [], rules: [] }, { mentor: people(locale)('anna'), may: true, gates: [], rules: [] }]),
    { mentor: people(locale)('novik'), may: false, gates: [], rules: ['mentor_overlap'] },
    { mentor: people(locale)('shah'), may: false, gates: [gate('qualification', 'missing', 'mentor'), gate('employment', 'missing', 'school')], rules: [] },
];

const MENTOR = /^\/mentors\/(\d+)\/([a-z-]+)$/;

/** Everything of hiring, or null: not ours. */
export function hiring(ask: Ask): Reply | null {
    const { url, scene, locale, method } = ask;
    const path = url.pathname;
    const of = MENTOR.exec(path);
    if (scene === 'hiring-down' && (of ?? path === '/mentor-papers')) return refuse(503, 'unavailable');
    if (of) {
        const name = NAMES.find((n) => people(locale)(n).id === Number(of[1])) ?? 'anna';
        if (of[2] === 'can-teach') return ok(verdict(ask));
        if (of[2] === 'documents' && scene === 'same-file') return refuse(409, 'same_file');
        return ok(file(ask, name), { status: method === 'POST' ? 201 : 200 });
    }
    if (path === '/mentor-papers') return ok(list(ask));
    if (path === '/expiries') return ok({ items: scene === 'empty' ? [] : expiries(ask) });
    if (path === '/child-moves') return ok(moves(ask));
    if (path === '/needs-substitute') return ok({ items: scene === 'empty' ? [] : [lesson(locale, { id: 613, subject: 'language', start: at(23, '12:00'), mentor: 'lebed', child: 'timur', chip: 'needs_substitute', state: 'needs_substitute' })] });
    if (/^\/lessons\/\d+\/substitutes$/.test(path)) return ok({ items: offers(ask) });
    if (/^\/applications\/\d+\/step$/.test(path)) return scene === 'papers' ? refuse(409, 'gate', { gate: 'papers', gates: [gate('rating_sheet', 'missing', 'mentor'), gate('course', 'waiting', 'coordinator')] }) : ok(file(ask, 'shah'));
    if (/^\/(documents|applications|trainings|qualifications)\/\d+\//.test(path) && method === 'POST') return ok(file(ask, 'novik'));
    return null;
}
