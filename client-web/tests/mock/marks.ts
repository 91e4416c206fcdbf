// SPDX-License-Identifier: Apache-2.0
//
// Made-up marks: a quarter of Misha with two subjects, as each reader meets it, and what his family reads.
import type { ChildMarks, LessonMark, MarkChanges, MarkSheet, SheetDeliveryPage, SheetItem, SheetPage } from '../../src/core/api.gen.ts';
import type { Ask } from './answer.ts';
import { at, people, school, YEKB } from './people.ts';

const COPY: NonNullable<MarkSheet['copy']> = { sha256: 'c0de'.repeat(16), queued: at(33, '10:00'), sent: at(33, '10:00'), opened: at(33, '14:20'), acknowledged: null };

const lessons = (...marks: LessonMark['mark'][]): LessonMark[] => marks.map((mark, i) => ({ lesson: 900 + i, date: `2026-10-${String(6 + 3 * i).padStart(2, '0')}`, mark }));

function head({ locale }: Ask): Pick<MarkSheet, 'kind' | 'from' | 'to' | 'tz' | 'grade' | 'school' | 'version' | 'due' | 'reminder'> {
    return { kind: 'quarter', from: '2026-09-01', to: '2026-10-31', tz: YEKB, grade: 5, school: school(locale), version: 1, due: at(20, '18:00'), reminder: 'none' };
}

export function sheet(ask: Ask): MarkSheet {
    const { locale, who, scene } = ask;
    const p = people(locale);
    const ru = locale === 'ru';
    const sent = { step: 'submitted' as const, at: at(32, '18:05'), by: p('anna'), note: null };
    const taken = { step: 'accepted' as const, at: at(33, '10:00'), by: p('irina'), note: null };
    const mentor = who === 'mentor';
    const officer = who === 'school_officer';
    const set = !mentor || scene === 'set';
    const fixed = scene === 'corrected';
    return {
        ...head(ask), id: '12-40-12-4-2026-09-01', mentor: p('anna'), child: p('misha'), centre: ru ? 'Центр «Парта»' : 'Parta centre', register_no: 'R-17',
        log_hash: 'ab'.repeat(32), printed_at: at(33, '10:00'), version: fixed ? 2 : 1, newest: fixed ? 2 : 1,
        subjects: scene === 'empty' ? [] : [
            { subject: 'maths', held: 14, missed: 2, unresolved: 0, current: lessons('4', '4', '5', '4', 'pass', '5'), mean_hundredths: 440, proposed: '4', mark: set ? '4' : null, reason: null },
            { subject: 'music', held: 2, missed: 0, unresolved: mentor && !set ? 1 : 0, current: lessons('5', '5'), mean_hundredths: 500, proposed: null, mark: set ? '5' : null,
                reason: set ? (ru ? 'участвует в хоре' : 'sings in the choir') : null },
        ],
        differences: fixed ? [{ subject: 'maths', field: 'mark', before: '3', after: '4' }, { subject: 'maths', field: 'mean_hundredths', before: '366', after: '440' }] : [],
        state: mentor ? 'draft' : officer ? 'duplicated' : 'submitted', overdue: mentor, rev: 2, frozen: officer,
        steps: mentor ? [] : officer ? [sent, taken] : [sent], copy: officer ? COPY : null,
        moves: mentor ? ['edit', 'submit'] : officer ? ['acknowledge'] : ['return', 'accept'],
        holds: mentor && !set ? { code: scene === 'empty' ? 'sheet_empty' : 'marks_missing', line: 1 } : null,
    };
}

export function sheets(ask: Ask): SheetPage {
    const p = people(ask.locale);
    const one = (n: number, child: 'misha' | 'vera' | 'egor', state: SheetItem['state'], set: number): SheetItem => ({
        ...head(ask), id: `12-${n}-12-4-2026-09-01`, mentor: p('anna'), child: p(child), state, overdue: state === 'draft', copy: state === 'duplicated' ? COPY : null, subjects: 2, set,
    });
    const next: SheetItem = { ...one(40, 'misha', 'not_due', 0), id: '12-40-12-4-2026-11-09', from: '2026-11-09', to: '2026-12-29', due: at(36, '18:00') };
    const all = [next, one(40, 'misha', 'draft', 1), one(41, 'vera', 'submitted', 2), one(42, 'egor', 'duplicated', 2)];
    return { next: null, items: ask.scene === 'empty' ? [] : ask.who === 'school_officer' ? all.slice(3) : all };
}

export function sheetDeliveries(ask: Ask): SheetDeliveryPage {
    const it = sheets(ask).items[3];
    return { next: null, items: it ? [{ sheet: it, version: 1, queued: at(33, '10:00'), sent: at(33, '10:00'), why: 'unopened' }] : [] };
}

export function childMarks({ locale, scene }: Ask): ChildMarks {
    const child = people(locale)('misha');
    return { child, subjects: scene === 'empty' ? [] : [
        { subject: 'maths', lessons: lessons('4', '4', '5', '4', 'pass', '5'), terms: [{ kind: 'quarter', from: '2026-09-01', to: '2026-10-31', mark: '4', reason: null }] },
        { subject: 'music', lessons: lessons('5', '5'), terms: [{ kind: 'quarter', from: '2026-09-01', to: '2026-10-31', mark: '5', reason: locale === 'ru' ? 'участвует в хоре' : 'sings in the choir' }] },
    ] };
}

export function markChanges({ locale }: Ask): MarkChanges {
    const by = people(locale)('anna');
    return { items: [
        { child: 40, before: null, after: '4', reason: null, at: at(23, '11:00'), by },
        { child: 40, before: '4', after: '5', reason: locale === 'ru' ? 'пересчитали' : 'counted again', at: at(23, '12:30'), by },
    ] };
}
