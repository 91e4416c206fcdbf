// SPDX-License-Identifier: Apache-2.0
//
// A referral as the text of its fields, and back to what the API takes. A paper is written anew as a
// whole: what a doctor wrote does not come back from the server, so an untouched paper is not sent.
import type { BasisNew, Equipment, RecommendationNew, Referral, ReferralPatch } from './api.gen.ts';

export interface PersonForm {
    child_name: string; birth_date: string; grade: string; guardian_name: string; guardian_phone: string; application: string; consent: string;
}
export interface BasisForm { issued: string; from: string; to: string; document: string; issuer: string; ground: string }
export interface RecommendationForm {
    issued: string; from: string; to: string; doctor: string; organisation: string; words: string;
    lesson_minutes: string; lessons_per_day: string; lessons_per_week: string; screen_minutes: string; hours_from: string; hours_to: string;
    rest_days: number[]; equipment: Equipment[]; camera_allowed: boolean;
}
/** basis, recommendation null: not written now. */
export interface ReferralForm { person: PersonForm; basis: BasisForm | null; recommendation: RecommendationForm | null }

export const emptyBasis: BasisForm = { issued: '', from: '', to: '', document: '', issuer: '', ground: '' };
export const emptyRecommendation: RecommendationForm = {
    issued: '', from: '', to: '', doctor: '', organisation: '', words: '', lesson_minutes: '', lessons_per_day: '', lessons_per_week: '', screen_minutes: '',
    hours_from: '', hours_to: '', rest_days: [], equipment: [], camera_allowed: true,
};

const text = (value: string | number | null | undefined): string => (value === null || value === undefined ? '' : String(value));

/** The limits of the recommendation that is there, to be carried over; its sealed words must be written again. */
export const recommendationOf = (r: Referral['recommendation']): RecommendationForm => (r ? {
    ...emptyRecommendation, lesson_minutes: text(r.lesson_minutes), lessons_per_day: text(r.lessons_per_day), lessons_per_week: text(r.lessons_per_week),
    screen_minutes: text(r.screen_minutes), hours_from: text(r.hours?.from), hours_to: text(r.hours?.to), rest_days: r.rest_days, equipment: r.equipment,
    camera_allowed: r.camera_allowed,
} : emptyRecommendation);

export function formOf(r: Referral | null): ReferralForm {
    return {
        person: {
            child_name: text(r?.child_name), birth_date: text(r?.birth_date), grade: text(r?.grade), guardian_name: text(r?.guardian_name),
            guardian_phone: text(r?.guardian_phone), application: text(r?.application), consent: text(r?.consent),
        },
        basis: null,
        recommendation: null,
    };
}

const orNull = (value: string): string | null => value.trim() || null;
const numberOrNull = (value: string): number | null => (value.trim() ? Number(value) : null);

/** Only what is filled in: the server names the first field that is missing. */
function filled<V extends object>(fields: V): V {
    return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== '')) as V;
}

function basisNew(b: BasisForm): BasisNew {
    return { ...filled({ issued: b.issued, from: b.from, to: b.to, document: b.document.trim(), issuer: b.issuer.trim() }), ground: b.ground.trim() };
}

function recommendationNew(r: RecommendationForm): RecommendationNew {
    return {
        ...filled({ issued: r.issued, from: r.from, to: r.to, doctor: r.doctor.trim(), organisation: r.organisation.trim() }), words: r.words.trim(),
        lesson_minutes: numberOrNull(r.lesson_minutes), lessons_per_day: numberOrNull(r.lessons_per_day),
        lessons_per_week: numberOrNull(r.lessons_per_week), screen_minutes: numberOrNull(r.screen_minutes),
        hours: r.hours_from || r.hours_to ? filled({ from: r.hours_from, to: r.hours_to }) : null,
        rest_days: r.rest_days, equipment: r.equipment, camera_allowed: r.camera_allowed,
    };
}

/** The whole form as a change: an emptied field is null. */
export function patchOf({ person: p, basis, recommendation }: ReferralForm): ReferralPatch {
    return {
        child_name: orNull(p.child_name), birth_date: orNull(p.birth_date), grade: numberOrNull(p.grade), guardian_name: orNull(p.guardian_name),
        guardian_phone: orNull(p.guardian_phone), application: orNull(p.application), consent: orNull(p.consent),
        ...(basis ? { basis: basisNew(basis) } : {}), ...(recommendation ? { recommendation: recommendationNew(recommendation) } : {}),
    };
}
