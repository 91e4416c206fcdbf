// SPDX-License-Identifier: Apache-2.0
//
// The way of the made-up report, as each reader meets it; the timesheet and the closed note.
import type { DeliveryPage, Report, ReportItem, SubjectCode, Timesheet } from '../../src/core/api.gen.ts';
import type { Ask, Reply } from './answer.ts';
import { at, MINUTE, people, school, YEKB } from './people.ts';

type Way = Pick<Report, 'state' | 'overdue' | 'reminder' | 'rev' | 'newest' | 'frozen' | 'steps' | 'copy' | 'moves' | 'holds' | 'differences' | 'version'>;

const COPY: NonNullable<Report['copy']> = { sha256: 'c0de'.repeat(16), queued: at(33, '10:00'), sent: at(33, '10:00'), opened: at(33, '14:20'), acknowledged: null };
const STILL: Way = { state: 'not_due', overdue: false, reminder: 'none', rev: 0, newest: 1, frozen: false, steps: [], copy: null, moves: [], holds: null, differences: [], version: 1 };

export function way({ who, scene, locale }: Ask): Way {
    const p = people(locale);
    const ru = locale === 'ru';
    const sent = { step: 'submitted' as const, at: at(32, '18:05'), by: p('anna'), note: null };
    const taken = { step: 'accepted' as const, at: at(33, '10:00'), by: p('irina'), note: null };
    if (scene === 'returned') {
        const note = ru ? 'В строке 11 нет причины пропуска.' : 'Line 11 has no reason for the absence.';
        return { ...STILL, state: 'returned', rev: 3, steps: [sent, { step: 'returned', at: at(33, '9:40'), by: p('irina'), note }], moves: ['edit', 'submit'], holds: { code: 'report_unresolved', line: 11 } };
    }
    if (who === 'mentor') return { ...STILL, state: 'draft', rev: 1, moves: ['edit', 'submit'], holds: { code: scene === 'empty' ? 'report_empty' : 'report_unresolved', line: scene === 'empty' ? null : 11 } };
    if (scene === 'corrected') {
        return { ...STILL, state: 'submitted', rev: 2, version: 2, newest: 2, steps: [sent], moves: ['return', 'accept'], differences: [
            { no: 5, lesson: 1004, field: 'code', before: 'N', after: 'I' }, { no: 5, lesson: 1004, field: 'reason', before: null, after: ru ? 'болезнь' : 'ill' },
            { no: null, lesson: null, field: 'totals.missed_ill', before: '0', after: '1' }] };
    }
    if (who === 'school_officer') return { ...STILL, state: 'duplicated', rev: 3, frozen: true, steps: [sent, taken], copy: COPY, moves: ['acknowledge'] };
    return { ...STILL, state: 'submitted', rev: 2, steps: [sent], moves: ['return', 'accept'] };
}

export const itemWay = (of: Partial<ReportItem>): Pick<ReportItem, 'version' | 'overdue' | 'reminder' | 'copy'> => ({
    version: 1, overdue: false, reminder: 'none', copy: of.state === 'duplicated' || of.state === 'acknowledged' ? { ...COPY, acknowledged: of.state === 'acknowledged' ? at(34, '9:00') : null } : null,
});

export function deliveries({ locale, scene }: Ask): DeliveryPage {
    const p = people(locale);
    const one = { version: 1, mentor: p('anna'), child: p('vera'), queued: at(33, '10:00') };
    return { next: null, items: scene === 'empty' ? [] : [
        { ...one, report: '12-41-12-2026-10', school: school(locale), sent: at(33, '10:00'), why: 'unopened' },
        { ...one, report: '13-42-31-2026-10', child: p('sofia'), school: school(locale, 31), sent: null, why: 'no_officer' },
    ] };
}

export function wellbeing({ method, body, scene, locale }: Ask): Reply {
    const kept = locale === 'ru' ? 'По вторникам быстро устаёт, просит короче.\nПро новую школу говорит с радостью.' : 'Tires quickly on Tuesdays, asks for less.\nSpeaks of the new school with joy.';
    const text = method === 'PUT' ? body.text : scene === 'empty' ? null : kept;
    return { status: 200, body: { text, at: text ? at(32, '18:10') : null }, etag: '"v1"' };
}

export function timesheet({ locale, scene, url, who }: Ask): Timesheet {
    const p = people(locale);
    const month = url.searchParams.get('month') ?? '2026-11';
    const days = (seed: number): number[] => Array.from({ length: 30 }, (_, i) => ((i + seed) % 7 > 4 ? 0 : (i * seed) % 3 === 0 ? 8 : (i + seed) % 4 === 0 ? 6 : 4));
    const row = (mentor: 'anna' | 'lebed' | 'denisov', n: 12 | 31, seed: number, open: number) => {
        const d = days(seed);
        return { mentor: p(mentor), school: school(locale, n), days: d, credit_quarters: d.reduce((a, b) => a + b, 0), substitute_quarters: seed === 2 ? 8 : 0, days_worked: d.filter(Boolean).length, lessons: 40, open };
    };
    const rows = scene === 'empty' ? [] : who === 'mentor' ? [row('anna', 12, 1, 0)] : [row('anna', 12, 1, 0), row('lebed', 12, 2, 0), row('denisov', 31, 3, 2)];
    const lesson = (day: number, clock: string, subject: SubjectCode, quarters: number | null, substitute = false) => {
        const start = at(day, clock, 5);
        return { row: 0, day, tz: YEKB, start, end: start + 40 * MINUTE, subject, quarters, credit_quarters: quarters === null ? 0 : 4, substitute };
    };
    const lessons = rows.length === 0 ? [] : [lesson(2, '9:40', 'maths', 2), lesson(3, '13:30', 'maths', 2), lesson(4, '9:40', 'reading', 1, true), lesson(24, '13:30', 'maths', null)];
    return { month, last_day: 30, rows, lessons };
}
