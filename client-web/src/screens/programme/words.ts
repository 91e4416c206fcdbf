// SPDX-License-Identifier: Apache-2.0
//
// Minutes, days and remarks of programmes in words.
import type { CandidatePart, ProgrammeFault, ProgrammeLineNew } from '../../core/api.gen.ts';
import type { Formats } from '../../i18n/format.ts';
import type { Translate } from '../../i18n/translate.ts';

/** 2 h 40 min */
export function hoursOf(t: Translate, minutes: number): string {
    const [h, m] = [Math.floor(minutes / 60), minutes % 60];
    if (h === 0) return t('common.minutes_short', { n: m });
    return m === 0 ? t('common.hours', { h }) : t('common.hours_minutes', { h, m });
}

/** What was found for one part of a candidate's rank. Free time may be many times what is needed, so it
 *  is said beside it and never as a part of it; the hours of the orders are a whole with its part. */
export function foundSentence(t: Translate, p: CandidatePart): string {
    if (!p.known) return t('candidates.unknown');
    switch (p.part) {
        case 'qualification': return t('candidates.value.qualified', { n: p.value });
        case 'psychology': return t('candidates.value.score', { n: p.value });
        case 'distance': return t('candidates.value.apart', { n: p.value });
        case 'continuity': return t('candidates.value.lessons', { n: p.value });
        case 'hours': return t('candidates.value.common', { value: hoursOf(t, p.value), of: hoursOf(t, p.of) });
        case 'load': return t('candidates.value.load', { value: hoursOf(t, p.value), of: hoursOf(t, p.of) });
    }
}

/** 1 December, of a calendar day */
export const dayOf = (fmt: Formats, date: string): string => fmt.dayMonth(Date.parse(`${date}T12:00:00Z`), 'UTC');

/** A remark as a sentence; lines: those that it counts. */
export function faultSentence(t: Translate, fault: ProgrammeFault, lines: readonly Pick<ProgrammeLineNew, 'subject'>[]): string {
    const line = fault.line === null ? undefined : lines[fault.line];
    return t(`programme.fault.${fault.fault}`, { limit: fault.limit, value: fault.value, subject: line ? t(`subject.${line.subject}`) : '' });
}
