// SPDX-License-Identifier: Apache-2.0
//
// Which sentence a family reads about a lesson. Human codes (ill, excused) come before what the
// machine saw; a rest is never called an absence. Pure.
import type { LogDay, LogLesson, LogSummary } from './api.gen.ts';
import { wholeMinutes } from './wall.ts';

export type LineKind = 'held' | 'held_gap' | 'held_late' | 'rest' | 'partial' | 'teacher_no_show' | 'tech_teacher' | 'child_no_show' | 'tech_child'
    | 'tech_server' | 'both_no_show' | 'no_overlap' | 'not_held' | 'ill' | 'excused' | 'cancelled' | 'ahead' | 'running'
    | 'begun' | 'no_mentor_yet' | 'no_child_yet' | 'over';
export type LineTone = 'ok' | 'rest' | 'mentor' | 'technical' | 'child' | 'off';

const LATE_MS = 5 * 60_000;

/** A lesson without an outcome, by the clock: what has begun is not ahead, whoever is missing. */
function unjudged(l: LogLesson, now: number): LineKind {
    if (now >= l.end) return 'over';
    if (l.state === 'running' || l.state === 'interrupted') return 'running';
    if (now < l.start) return 'ahead';
    if (l.chip === 'child_missing') return 'no_child_yet';
    return l.chip === 'mentor_missing' || l.chip === 'needs_substitute' ? 'no_mentor_yet' : 'begun';
}

export function lineKind(l: LogLesson, now: number): LineKind {
    if (l.state === 'cancelled' || l.state === 'rescheduled') return 'cancelled';
    if (l.outcome === null) return unjudged(l, now);
    if (l.code === 'I') return 'ill';
    if (l.code === 'M' || l.code === 'C' || l.code === 'H') return 'excused';
    if (l.rest_at !== null && l.outcome !== 'held') return 'rest';
    if (l.outcome !== 'held') return l.outcome;
    if (l.gaps > 0 && wholeMinutes(l.gaps_ms) >= 1) return 'held_gap';
    return l.late_ms >= LATE_MS ? 'held_late' : 'held';
}

const TONES: Partial<Record<LineKind, LineTone>> = {
    held: 'ok', held_gap: 'ok', held_late: 'ok', rest: 'rest', teacher_no_show: 'mentor', tech_teacher: 'mentor', tech_child: 'technical',
    tech_server: 'technical', ill: 'off', excused: 'off', cancelled: 'off', ahead: 'off', running: 'ok',
    begun: 'off', no_mentor_yet: 'mentor', over: 'off',
};
export const lineTone = (kind: LineKind): LineTone => TONES[kind] ?? 'child';

/** Lessons of the last seven days that are over and that the family has said nothing about. */
export function toConfirm(days: readonly LogDay[], now: number): number[] {
    const week = now - 7 * 86_400_000;
    return days.flatMap((d) => d.lessons)
        .filter((l) => l.outcome !== null && l.confirmation === null && l.start >= week && l.start <= now)
        .map((l) => l.id);
}

export type Slice = Exclude<keyof LogSummary, 'planned' | 'contact_ms' | 'to_confirm' | 'cancelled'>;
const SLICES: readonly Slice[] = ['held', 'part', 'teacher_missing', 'child_missing', 'technical', 'ill', 'other'];

/** The parts of the month's bar that are not empty, in a fixed order. */
export const slices = (s: LogSummary): { name: Slice; n: number }[] =>
    SLICES.map((name) => ({ name, n: s[name] })).filter(({ n }) => n > 0);
