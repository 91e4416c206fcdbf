// SPDX-License-Identifier: Apache-2.0
//
// Words that every page of hiring needs: days with their year, how a gate stands, and what a refusal means here.
import { Refused } from '../../core/api.ts';
import type { GateState } from '../../core/api.gen.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { wall } from '../../core/wall.ts';

const FIELDS = ['issued', 'expires', 'course', 'provider', 'hours', 'topics', 'subject', 'level', 'grade_to', 'date', 'score', 'evidence',
    'child', 'school', 'reason', 'number', 'rate_percent', 'week_minutes', 'from', 'to'] as const;
type Field = (typeof FIELDS)[number];

export function useHiringWords() {
    const { t, fmt } = useI18n();
    const day = (date: string): string => t('hiring.day', { day: fmt.dayMonth(Date.parse(`${date}T12:00:00Z`), 'UTC'), year: date.slice(0, 4) });
    const dayOf = (ms: number, tz: string): string => day(wall(ms, tz).date);
    return {
        day,
        dayOf,
        /** "holds until 5 May 2027": a term ends at the first instant behind its last day */
        gate: (g: GateState, tz: string): string => g.cause === 'holds' && g.until !== null
            ? t('hiring.holds_until', { day: dayOf(g.until - 1, tz) }) : t(`hiring.cause.${g.cause}`),
        problem: (error: unknown): string => {
            if (!(error instanceof Refused)) return errorSentence(t, error);
            const { code, field } = error.error;
            const known = FIELDS.find((f): f is Field => f === field);
            if (code === 'bad_field' && known) return t(`hiring.field.${known}`);
            if (code === 'too_large') return t('hiring.error.too_large');
            if (code === 'not_now') return t('hiring.error.not_now');
            if (code === 'stale' || code === 'need_match') return t('hiring.error.stale');
            return errorSentence(t, error);
        },
    };
}
