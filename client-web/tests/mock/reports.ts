// SPDX-License-Identifier: Apache-2.0
import type { Code, Mark, Outcome, Report, ReportItem, ReportLine, ReportPage } from '../../src/core/api.gen.ts';
import type { Ask } from './answer.ts';
import { itemWay, way } from './reportflow.ts';
import { at, MINUTE, NOW, people, school, TZ, YEKB, type Name } from './people.ts';

const RU = ['Обыкновенные дроби', 'Равные дроби', 'Равные дроби', 'Сокращение дробей', 'Сокращение дробей', 'Общий знаменатель', 'Общий знаменатель', 'Сравнение дробей', 'Сравнение дробей', 'Сравнение дробей', 'Сложение дробей', 'Сложение дробей'];
const EN = ['Ordinary fractions', 'Equal fractions', 'Equal fractions', 'Reducing fractions', 'Reducing fractions', 'Common denominator', 'Common denominator', 'Comparing fractions', 'Comparing fractions', 'Comparing fractions', 'Adding fractions', 'Adding fractions'];

type Row = [day: number, clock: string, contact: number, code: Code | null, outcome: Outcome, mark: Mark, more?: Partial<ReportLine>];
const ROWS: Row[] = [
    [2, '9:40', 40, 'P', 'held', '5'], [3, '13:30', 40, 'P', 'held', null], [4, '9:40', 39, 'P', 'held', '4'], [6, '9:40', 33, 'L', 'held', null, { late_ms: 7 * MINUTE }],
    [9, '9:40', 0, 'I', 'child_no_show', null, { amended: true, document: '114' }], [10, '13:30', 38, 'P', 'held', '5', { gaps: 1, gaps_ms: 2 * MINUTE }],
    [11, '9:40', 18, 'E', 'partial', null, { early_ms: 22 * MINUTE }], [13, '9:40', 40, 'P', 'held', '4'], [16, '9:40', 0, 'S', 'tech_server', null, { make_up_by: 9 }],
    [17, '11:00', 40, 'P', 'held', '5', { make_up_of: 8 }], [20, '9:40', 0, 'N', 'child_no_show', null, { topic: null }], [24, '13:30', 0, null, 'held', null, { status: 'ahead', outcome: null, family: 'open' }],
];

export function report(ask: Ask): Report {
    const { locale, scene } = ask;
    const p = people(locale);
    const lines = scene === 'empty' ? [] : ROWS.map(([day, clock, contact, code, outcome, mark, more], i): ReportLine => {
        const start = at(day, clock, 5);
        return {
            no: i + 1, lesson: 1000 + i, date: `2026-11-${String(day).padStart(2, '0')}`, start, end: start + 40 * MINUTE, status: 'over', side: null, subject: 'maths',
            topic: (locale === 'ru' ? RU : EN)[i] ?? null, homework: null, mark, first: contact ? start - 3 * MINUTE : null, last: contact ? start + (contact + 1) * MINUTE : null,
            contact_ms: contact * MINUTE, percent_tenths: contact * 25, outcome, code, amended: false, reason: code === 'I' ? (locale === 'ru' ? 'болезнь' : 'ill') : null, document: null, late_ms: 0, early_ms: 0,
            mentor_late_ms: 0, gaps: 0, gaps_ms: 0, gap_causes: [], uncertain_ms: 0, screen_ms: contact * MINUTE, credit_quarters: 4, waited: false, make_up_of: null, make_up_by: null, family: i < 9 ? 'confirmed' : 'silent', ...more,
        };
    });
    const n = lines.length ? 1 : 0;
    return {
        id: '12-40-12-2026-11', month: '2026-11', tz: YEKB, due: at(34, '18:00'), ...way(ask), centre: 'Parta', school: school(locale), mentor: p('anna'),
        order_no: locale === 'ru' ? '№ 48 от 1 сентября' : 'No. 48 of 1 Sep', week_minutes: 360, child: p('misha'), register_no: '2026/114', grade: 5, algo_version: 1, log_hash: 'a3f1'.repeat(16), printed_at: NOW,
        texts: scene === 'empty' ? { empty_reason: null, progress: null, difficulties: null, next_month: null } : {
            empty_reason: null, difficulties: null,
            progress: locale === 'ru' ? 'Уверенно складывает и сравнивает дроби. Общему знаменателю нужен ещё урок.' : 'Adds and compares fractions with confidence. Common denominators need one more lesson.',
            next_month: locale === 'ru' ? 'Десятичные дроби.' : 'Decimals.',
        },
        lines,
        totals: {
            planned: 12 * n, ahead: n, held: 8 * n, partial: n, not_held: 3 * n, cancelled: 0, moved: 0, make_ups_done: n, make_ups_owed: 0, contact_ms: 328 * MINUTE * n, screen_ms: 240 * MINUTE * n,
            by_outcome: { held: 8 * n, tech_server: n, both_no_show: 0, teacher_no_show: 0, tech_teacher: 0, child_no_show: 2 * n, tech_child: 0, no_overlap: 0, partial: n, not_held: 0 },
            cancelled_by: { child: 0, mentor: 0, school: 0, centre: 0 }, credit_quarters: 34 * n, waited: 0, late: n, missed: 2 * n, missed_ill: n, days_missed: n,
        },
    };
}

export function reports({ locale, who, scene, url }: Ask): ReportPage {
    const p = people(locale);
    const month = url.searchParams.get('month') ?? '2026-11';
    const item = (mentor: Name, child: Name, grade: number, n: 12 | 31, held: number, more: Partial<ReportItem> = {}): ReportItem => ({
        id: `${p(mentor).id}-${p(child).id}-${n}-${month}`, month, tz: n === 12 ? YEKB : TZ, mentor: p(mentor), child: p(child), grade, school: school(locale, n), state: 'not_due', due: at(34, '18:00'),
        planned: held + 3, held, partial: 1, not_held: 2, cancelled: 0, contact_ms: held * 40 * MINUTE, notes_missing: 0, ...itemWay(more), ...more,
    });
    const all = [
        item('anna', 'misha', 5, 12, 14, { state: 'due', overdue: true, due: at(20, '18:00'), notes_missing: 2 }), item('lebed', 'misha', 5, 12, 9, { state: 'due' }), item('denisov', 'misha', 5, 12, 6),
        item('anna', 'vera', 3, 12, 12), item('shah', 'egor', 7, 12, 8), item('denisov', 'sofia', 2, 31, 7), item('novik', 'liza', 7, 31, 5), item('orlova', 'timur', 9, 31, 11),
    ];
    return { month, next: null, items: scene === 'empty' ? [] : who === 'mentor' ? all.filter((r) => r.mentor.id === 12) : who === 'school_officer' ? all.slice(0, 5).map((r, i) => { const state = i < 3 ? 'duplicated' : 'acknowledged'; return { ...r, ...itemWay({ state }), state }; }) : all };
}
