// SPDX-License-Identifier: Apache-2.0
import type { Amendment, Cause, MissingSide, NoShow, NoShowBrief } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { at, MINUTE, people } from './people.ts';
import { lessonFull } from './timetable.ts';

const DAY = 24 * 60 * MINUTE;
const SIDES: Record<number, MissingSide> = { 601: 'mentor', 603: 'child' };

export function noShowBrief(id: number, scene: string): NoShowBrief | null {
    const missing = SIDES[id];
    if (!missing || scene === 'empty') return null;
    const noted = scene === 'noted' && missing === 'child';
    return { missing, cause: noted ? 'U' : null, made: noted ? { id: 777, start: at(24, '10:05') } : null };
}

function sheet({ locale, scene }: Ask, id: number): NoShow {
    const p = people(locale);
    const missing = SIDES[id] ?? 'child';
    const brief = noShowBrief(id, scene);
    const step = (old: Cause | null, code: Cause, clock: string): Amendment =>
        ({ old, new: code, reason: 'x', document: null, by: p('irina'), title: 'coordinator', at: at(23, clock) });
    const none = scene === 'no-times';
    const slot = (start: number) => ({ start, end: start + 30 * MINUTE });
    const usual = at(23, id === 601 ? '10:00' : '10:05');
    return {
        missing, after_ms: 5 * MINUTE, causes: missing === 'mentor' ? ['X', 'H'] : ['I', 'M', 'C', 'U', 'X', 'H'],
        children: [{ child: p(id === 601 ? 'sofia' : 'liza'), cause: brief?.cause ?? null, history: brief?.cause ? [step(null, 'I', '10:11'), step('I', 'U', '10:12')] : [] }],
        make_up: {
            may: !brief?.made, why_not: brief?.made ? 'make_up_made' : null, made: brief?.made ?? null, until: '2026-12-07',
            slots: none || brief?.made ? [] : [slot(at(23, '12:20')), slot(usual + DAY), slot(usual + 2 * DAY)],
            in_the_way: none && missing === 'child' ? [{ rule: 'child_overlap', number: 2, days: 6 }, { rule: 'holiday', number: 11, days: 5 }, { rule: 'rest_day', number: 11, days: 2 }] : [],
            gates: none && missing === 'mentor' ? [{ gate: 'no_record_age', cause: 'expired', until: at(22, '0:00'), actor: 'mentor' }] : [],
        },
        version: 1,
    };
}

/** /lessons/{id}/no-show and /lessons/{id}/make-up, or null. */
export function noShow(ask: Ask): Reply | null {
    const [, of, idText, what] = ask.url.pathname.split('/');
    const id = Number(idText);
    if (of !== 'lessons' || (what !== 'no-show' && what !== 'make-up')) return null;
    if (what === 'no-show') return ok(sheet(ask, id), { etag: '"v1"' });
    if (ask.scene === 'made') return refuse(409, 'gate', { gate: 'make_up_made' });
    return ok(lessonFull(ask, 777), { status: 201, etag: '"v1"' });
}
