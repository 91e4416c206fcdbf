// SPDX-License-Identifier: Apache-2.0
//
// The chain of a case: which steps are behind, which one is under way, which wait. Told from the gates
// that are missing and the state, as the server computes them.
import type { CaseGate, ChildCase } from './api.gen.ts';

export const STEPS = ['referral', 'family', 'mentor', 'programme', 'schedule', 'staff', 'lesson'] as const;
export type StepName = (typeof STEPS)[number];
export interface Step { name: StepName; state: 'done' | 'now' | 'waits'; missing: number }

/** Gates of a step; the first lesson has none of its own. */
const GATES: Record<StepName, CaseGate[]> = {
    referral: [], family: ['basis', 'recommendation', 'consent', 'guardian', 'school', 'at_home'], mentor: ['mentor'], programme: ['programme'],
    schedule: ['schedule'], staff: ['staff'], lesson: [],
};

/** A gate that closed after the fact opens its step again (SCREENS, case file). */
export function caseSteps(c: Pick<ChildCase, 'state' | 'missing'>): Step[] {
    const begun = c.state === 'active' || c.state === 'suspended' || c.state === 'closed';
    const shut = new Set(c.missing.map((m) => m.gate));
    let met = false;
    return STEPS.map((name) => {
        const missing = GATES[name].filter((g) => shut.has(g)).length;
        const open = missing > 0 || (name === 'lesson' && !begun);
        const state = !open ? 'done' : met ? 'waits' : 'now';
        met ||= open;
        return { name, state, missing };
    });
}

/** Whole days from one calendar day to another; negative: it lies behind. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
