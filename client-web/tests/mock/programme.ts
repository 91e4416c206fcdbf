// SPDX-License-Identifier: Apache-2.0
import type {
    Candidate, Candidates, ChildProgramme, ChildProgrammes, GateState, ProgrammeApprovalPage, ProgrammePage, SubjectCode, WeeklyHours, WithoutMentorPage, WithoutPeersPage,
} from '../../src/core/api.gen.ts';
import type { Ask } from './answer.ts';
import { at, NOW, people, school, TZ, YEKB, type Name } from './people.ts';

const line = (subject: SubjectCode, week: number) => ({ subject, programme: null, week_minutes: week, year_minutes: week * 35, lesson_minutes: 40 });

export function childProgrammes({ locale, scene, who }: Ask): ChildProgrammes {
    const p = people(locale);
    const act = (name: Name, day: number) => ({ by: p(name), at: at(day, '11:20') });
    const version = (number: number, more: Partial<ChildProgramme>): ChildProgramme => ({
        id: 50 + number, number, version: 2, state: 'approved', from: '2026-09-01', to: '2027-05-31', until: null, reason: '', carried: false, proposed: act('anna', 16), decided: null,
        lines: [line('maths', 160), line('language', 120), line('reading', 80)], faults: [], may: [], ...more,
    });
    const decides = who === 'coordinator';
    const versions = scene === 'empty' ? [] : [
        scene === 'faults'
            ? version(3, { state: 'returned', reason: locale === 'ru' ? 'Слишком много часов для рекомендации врача.' : 'Too many hours for the recommendation.', decided: act('irina', 20), may: ['edit', 'propose'], lines: [line('maths', 240), line('language', 200)],
                faults: [{ fault: 'week_sum', line: null, limit: 400, value: 440 }] })
            : version(3, { state: 'proposed', from: '2026-12-01', proposed: act('anna', 19), may: decides ? ['approve', 'return'] : [], lines: [line('maths', 160), line('language', 160), line('reading', 80)] }),
        version(2, { decided: act('irina', 5) }),
        version(1, { state: 'superseded', to: null, until: '2026-08-31', carried: true, proposed: null, lines: [line('maths', 160)] }),
    ];
    return {
        child: p('misha'), grade: 5, school: school(locale), limits: { week_minutes: 400, lesson_minutes: 40, lesson_min_minutes: 10, year_weeks: 35 },
        days: { from: '2026-11-23', to: '2027-08-31' }, may_write: who !== 'guardian', versions,
    };
}

export function approvals({ locale, scene }: Ask): ProgrammeApprovalPage {
    const p = people(locale);
    const item = (child: Name, by: Name, days: number, grade: number, own = false) => ({
        id: p(child).id, child: p(child), grade, number: 2, by: p(by), at: NOW, waiting_days: days, overdue: days > 5, week_minutes: 320, from: '2026-12-01', to: '2027-05-31', own,
    });
    return { items: scene === 'empty' ? [] : [item('timur', 'denisov', 9, 9), item('misha', 'anna', 4, 5), item('vera', 'irina', 0, 3, true)], next: null };
}

export function catalogue({ locale, scene }: Ask): ProgrammePage {
    const items = (['maths', 'language', 'reading', 'nature', 'foreign'] as const).map((subject, i) => ({
        id: i + 1, subject, grade: 5, title: locale === 'ru' ? 'Индивидуальный план, 5 класс' : 'Individual plan, grade 5', number: 1, week_minutes: 80, year_minutes: 2720,
    }));
    return { items: scene === 'empty' ? [] : items, next: null };
}

export function withoutMentor({ locale, scene }: Ask): WithoutMentorPage {
    const p = people(locale);
    return { next: null, items: scene === 'empty' ? [] : [
        { child: p('liza'), grade: 7, school: school(locale, 31), since: NOW, waiting_days: 11, subject_mentors: 0 },
        { child: p('anya'), grade: 4, school: school(locale), since: NOW, waiting_days: 2, subject_mentors: 2 },
    ] };
}

export function withoutPeers({ locale, scene }: Ask): WithoutPeersPage {
    const p = people(locale);
    const item = (child: Name, grade: number, next: number | null, group_consent: boolean) =>
        ({ child: p(child), grade, school: school(locale), term_from: '2026-11-05', term_to: '2026-12-29', last: null, next, group_consent });
    return { next: null, items: scene === 'empty' ? [] : [item('egor', 7, at(27, '12:00'), true), item('daniil', 8, null, true), item('sofia', 2, null, false)] };
}

export function candidates({ locale, scene }: Ask): Candidates {
    const p = people(locale);
    const gate = (g: GateState['gate'], actor: GateState['actor']): GateState => ({ gate: g, cause: 'missing', until: null, actor });
    const parts = (...points: number[]): Candidate['parts'] => ([
        ['qualification', 25, 2, 2], ['psychology', 20, 80, 100], ['hours', 25, 140, 160], ['load', 10, 240, 540], ['distance', 5, 120, 240], ['continuity', 15, 8, 10],
    ] as const).map(([part, weight, value, of], i) => ({ part, known: points[i] !== undefined, points: points[i] ?? 0, weight, value: points[i] ? value : 0, of }));
    const blocked = scene === 'blocked';
    const one = (mentor: Name, standing: Candidate['standing'], points: number[], gates: GateState[] = [], assigned = false): Candidate => ({
        mentor: p(mentor), standing, score: points.reduce((a, b) => a + b, 0), eligible: standing !== 'barred', assigned, parts: parts(...points), gates,
    });
    const bar = gate('qualification', 'coordinator');
    return {
        child: p('misha'), grade: 5, subject: null, need_minutes: 160, case_gates: [gate('programme', 'coordinator')],
        search: { blocked, candidates: blocked ? 0 : 2, owes: blocked ? [{ gate: 'qualification', actor: 'coordinator', mentors: 2 }, { gate: 'training', actor: 'mentor', mentors: 1 }] : [] },
        items: scene === 'empty' ? [] : [
            ...(blocked ? [] : [one('anna', 'ready', [25, 16, 21, 4, 2, 12], [], true), one('lebed', 'after_hiring', [25, 16, 20], [gate('employment', 'school'), gate('order', 'school')])]),
            one('denisov', 'barred', [0, 16], [bar, gate('training', 'mentor')]),
        ],
        assignments: scene === 'empty' || blocked ? [] : [{ id: 9, mentor: p('anna'), role: 'subject', subject: 'maths', from: at(2, '9:00'), to: null, reason: '', end_reason: '' }],
    };
}

export function weeklyHours({ locale, scene, who, url }: Ask): WeeklyHours {
    const mentor = url.pathname.startsWith('/mentors');
    const row = (weekday: number, from: string, to: string, kind: 'free' | 'treatment' | 'rest', until: string | null = null) => ({ weekday, from, to, kind, since: '2026-11-01', until });
    const rows = mentor ? [1, 2, 4].map((d) => row(d, '09:00', '15:00', 'free'))
        : [row(1, '10:00', '13:00', 'free'), row(1, '13:00', '14:00', 'rest'), row(2, '10:00', '12:00', 'free'), row(2, '14:00', '15:30', 'treatment', '2026-12-20'), row(4, '10:00', '13:00', 'free')];
    return { who: people(locale)(mentor ? 'anna' : 'misha'), tz: mentor ? TZ : YEKB, version: 3, may_edit: who !== 'school_officer', hours: scene === 'empty' ? [] : rows };
}
