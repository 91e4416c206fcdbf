// SPDX-License-Identifier: Apache-2.0
//
// The API's names of fields as labels: "basis.issued" is what stands beside the day of issue.
import type { Key } from '../../i18n/load.ts';

type Label = Extract<Key, `intake.item.${string}` | `intake.field.${string}`>;

const PERSON: Record<string, Label> = {
    child_name: 'intake.item.child_name', birth_date: 'intake.item.birth_date', grade: 'intake.item.grade', guardian_name: 'intake.item.guardian_name',
    guardian_phone: 'intake.item.guardian_phone', application: 'intake.item.application', consent: 'intake.item.consent', basis: 'intake.item.basis',
    recommendation: 'intake.item.recommendation', new_child: 'intake.field.child', decision: 'intake.field.refusal',
};
const OWN: Record<string, Label> = {
    issued: 'intake.field.issued', from: 'intake.field.from', to: 'intake.field.to', document: 'intake.field.document', issuer: 'intake.field.issuer',
    ground: 'intake.field.ground', doctor: 'intake.field.doctor', organisation: 'intake.field.organisation', words: 'intake.field.words',
    lesson_minutes: 'intake.field.lesson_minutes', lessons_per_day: 'intake.field.lessons_per_day', lessons_per_week: 'intake.field.lessons_per_week',
    screen_minutes: 'intake.field.screen_minutes', hours: 'intake.field.hours', rest_days: 'intake.field.rest_days', equipment: 'intake.field.equipment',
    camera_allowed: 'intake.field.camera_allowed', count: 'intake.field.count', reason: 'intake.field.reason', note: 'intake.field.note',
    items: 'intake.field.items', refusal: 'intake.field.refusal', child: 'intake.field.child', why: 'intake.field.why',
};

/** null: a field that no form here has. */
export function fieldLabel(path: string): Label | null {
    if (PERSON[path]) return PERSON[path];
    if (path === 'recommendation.hours.from') return 'intake.field.hours_from';
    if (path === 'recommendation.hours.to') return 'intake.field.hours_to';
    return OWN[path.replace(/^(basis|recommendation)\./, '')] ?? null;
}
