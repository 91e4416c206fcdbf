// SPDX-License-Identifier: Apache-2.0
//
// The sentence for a field that the server does not take: the field's own where it has one, else the
// fault's. The same sentence stands above the form and at the field.
import { Refused } from '../core/api.ts';
import type { Fault } from '../core/api.gen.ts';
import type { Key } from './load.ts';
import type { Translate } from './translate.ts';

type Plain = Extract<Key, `intake.fault.${string}`>;
const OWN: Record<string, Plain> = {
    'birth_date range': 'intake.fault.age',
    'basis.to too_long': 'intake.fault.term',
    'recommendation.to too_long': 'intake.fault.term',
    'recommendation.hours.to range': 'intake.fault.hours',
    'recommendation.hours range': 'intake.fault.hours_short',
    'recommendation.lesson_minutes range': 'intake.fault.lesson_minutes',
    'recommendation.lessons_per_week range': 'intake.fault.week',
    'recommendation.rest_days range': 'intake.fault.rest',
};

export interface FieldFault { field: string; sentence: string }

/** Which field a refusal blames and what to say; null for every other failure. */
export function fieldFault(t: Translate, error: unknown): FieldFault | null {
    if (!(error instanceof Refused) || error.error.code !== 'bad_field') return null;
    const { field = '', fault = 'malformed' } = error.error;
    return { field, sentence: t(OWN[`${field} ${fault}`] ?? (`intake.fault.${fault}` satisfies `intake.fault.${Fault}`)) };
}
