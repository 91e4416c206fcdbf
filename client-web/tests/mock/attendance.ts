// SPDX-License-Identifier: Apache-2.0
import type { Attendance, Interval, LeaveCause, Strip } from '../../src/core/api.gen.ts';
import type { Ask } from './answer.ts';
import { MINUTE, NOW, people } from './people.ts';
import { lessonFull } from './timetable.ts';

type Stay = [from: number, to: number, cause?: LeaveCause];

/** A strip with stays in minutes from the start of the lesson. */
export function strip(start: number, minutes: number, mentor: Stay[], child: Stay[]): Strip {
    const stays = (list: Stay[]): Interval[] => list.map(([a, b, cause = 'left']) => ({ from: start + a * MINUTE, to: start + b * MINUTE, cause }));
    return { start, end: start + minutes * MINUTE, mentor: stays(mentor), child: stays(child), outages: [] };
}

const presence = { presence_ms: 40 * MINUTE, first: null, last: null, late_ms: 0, early_ms: 0, overrun_ms: 0, gaps: 0, gaps_ms: 0 };

export function attendance(ask: Ask, id: number): Attendance {
    const l = lessonFull(ask, id);
    const p = people(ask.locale);
    const final = l.end < NOW;
    const contact = final ? 38 * MINUTE : Math.max(0, NOW - l.start);
    const drawn = strip(l.start, 40, [[-4, final ? 40 : (NOW - l.start) / MINUTE]], final ? [[-2, 12], [14, 40]] : [[-2, (NOW - l.start) / MINUTE]]);
    const child = l.children[0] ?? p('misha');
    return {
        lesson: { id, subject: l.subject, start: l.start, end: l.end, tz: l.tz, mentor: l.mentor, children: l.children }, final, algo_version: 1, outcome: 'held',
        contact_ms: contact, planned_ms: 40 * MINUTE, percent_tenths: 950, mentor: presence,
        children: [{ child, at: presence, contact_ms: contact, percent_tenths: 950, outcome: 'held', auto_code: 'P', code: 'P', uncertain_ms: 0, strip: drawn, amendments: [], confirmation: null }],
        visitors: [],
    };
}
