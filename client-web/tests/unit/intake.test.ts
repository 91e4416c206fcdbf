// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { Refused } from '../../src/core/api.ts';
import type { CaseGate, Fault, Referral } from '../../src/core/api.gen.ts';
import { caseSteps, daysBetween } from '../../src/core/case-steps.ts';
import { emptyBasis, emptyRecommendation, formOf, patchOf, recommendationOf } from '../../src/core/referral-form.ts';
import { parseRoute, routeAddress, type Route } from '../../src/core/route.ts';
import { errorSentence } from '../../src/i18n/errors.ts';
import { fieldFault } from '../../src/i18n/faults.ts';
import { loadCatalogue } from '../../src/i18n/load.ts';
import { translator } from '../../src/i18n/translate.ts';
import { fieldLabel } from '../../src/screens/intake/fields.ts';

const ru = translator('ru', await loadCatalogue('ru'));
const blamed = (field: string, fault: Fault) => new Refused(400, { code: 'bad_field', field, fault });

describe('the form of a referral', () => {
    it('sends an emptied field as null and leaves papers alone that nobody wrote', () => {
        const form = formOf({ child_name: 'Лиза', birth_date: '2016-05-09', grade: 4 } as Referral);
        form.person.birth_date = '';
        form.person.grade = ' ';
        expect(patchOf(form)).toEqual({ child_name: 'Лиза', birth_date: null, grade: null, guardian_name: null, guardian_phone: null, application: null, consent: null });
    });
    it('leaves out what a paper needs and nobody filled, so that the server names it', () => {
        const { basis } = patchOf({ ...formOf(null), basis: { ...emptyBasis, issued: '2026-11-20', document: ' № 1 ' } });
        expect(basis).toEqual({ issued: '2026-11-20', document: '№ 1', ground: '' });
    });
    it('sends a limit that is not set as null, and hours only if one is given', () => {
        const send = (more: Partial<typeof emptyRecommendation>) => patchOf({ ...formOf(null), recommendation: { ...emptyRecommendation, ...more } }).recommendation;
        expect(send({ lesson_minutes: '30' })).toMatchObject({ lesson_minutes: 30, lessons_per_day: null, hours: null, camera_allowed: true });
        expect(send({ hours_from: '10:00' })?.hours).toEqual({ from: '10:00' });
    });
    it('carries the limits of the paper before over, and no word of it', () => {
        const form = recommendationOf({ lesson_minutes: 30, lessons_per_day: null, hours: { from: '10:00', to: '14:00' }, rest_days: [3], equipment: ['headset'], camera_allowed: false } as unknown as Referral['recommendation']);
        expect(form).toMatchObject({ lesson_minutes: '30', lessons_per_day: '', hours_from: '10:00', rest_days: [3], camera_allowed: false, issued: '', words: '' });
        expect(recommendationOf(null)).toEqual(emptyRecommendation);
    });
});

describe('the steps of a case', () => {
    const missing = (...gates: CaseGate[]) => gates.map((gate) => ({ gate, owes: 'coordinator' as const, due: '2026-12-01', late: false }));
    const states = (state: 'open' | 'active' | 'staff_ready' | 'closed', ...gates: CaseGate[]) => caseSteps({ state, missing: missing(...gates) }).map((s) => s.state);
    it('has one under way, done before and waiting after', () => {
        expect(states('open', 'mentor', 'schedule', 'staff')).toEqual(['done', 'done', 'now', 'done', 'waits', 'waits', 'waits']);
    });
    it('opens a step again whose gate has closed after the fact', () => {
        expect(states('active', 'recommendation')).toEqual(['done', 'now', 'done', 'done', 'done', 'done', 'done']);
    });
    it('waits for the first lesson, and has it behind', () => {
        expect(states('staff_ready')).toEqual(['done', 'done', 'done', 'done', 'done', 'done', 'now']);
        expect(states('closed').every((s) => s === 'done')).toBe(true);
    });
    it('counts days over a month and a change of clocks', () => {
        expect(daysBetween('2026-10-20', '2026-11-03')).toBe(14);
        expect(daysBetween('2026-11-23', '2026-11-21')).toBe(-2);
    });
});

describe('a field that is not taken', () => {
    it('has a sentence for every fault', () => {
        const faults: Fault[] = ['missing', 'unknown', 'type', 'range', 'too_long', 'malformed', 'ahead', 'order', 'expired'];
        const said = new Set(faults.map((f) => fieldFault(ru, blamed('consent', f))?.sentence));
        expect(said.size).toBe(faults.length);
    });
    it('says its own where the fault alone says too little', () => {
        expect(fieldFault(ru, blamed('birth_date', 'range'))?.sentence).toBe(ru('intake.fault.age'));
        expect(fieldFault(ru, blamed('basis.to', 'too_long'))?.sentence).toBe(ru('intake.fault.term'));
        expect(fieldFault(ru, new Refused(409, { code: 'gate', gate: 'case_closed' }))).toBeNull();
    });
    it('is called by its label', () => {
        expect(fieldLabel('basis.issued')).toBe('intake.field.issued');
        expect(fieldLabel('recommendation.hours.to')).toBe('intake.field.hours_to');
        expect(fieldLabel('basis')).toBe('intake.item.basis');
        expect(fieldLabel('who')).toBeNull();
    });
    it('leaves other refusals to their own sentences', () => {
        expect(errorSentence(ru, new Refused(409, { code: 'gate', gate: 'lessons_ahead' }))).toBe(ru('error.gate.lessons_ahead'));
    });
});

it('the addresses of intake lead there and back', () => {
    const routes: Route[] = [{ at: 'needs', month: '2026-10' }, { at: 'referrals' }, { at: 'referral_new' }, { at: 'referral', id: 7 }, { at: 'intake' }, { at: 'register' }, { at: 'case', child: 42 }];
    for (const route of routes) expect(parseRoute(routeAddress(route))).toEqual(route);
    expect(parseRoute('/referral/x')).toEqual({ at: 'home' });
    expect(parseRoute('/case')).toEqual({ at: 'home' });
    expect(parseRoute('/needs?month=x')).toEqual({ at: 'needs', month: null });
});
