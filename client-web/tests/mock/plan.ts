// SPDX-License-Identifier: Apache-2.0
//
// Runs of the planner: at work, over with some left, failed; by scene.
import type { Plan, PlanLeft } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { MINUTE, NOW, people } from './people.ts';

function left(locale: Ask['locale']): PlanLeft[] {
    const who = people(locale);
    const base = { lesson: null, minutes: 30, starts: 0, would_fit: 'none' as const, proof: null };
    return [
        { ...base, child: who('misha'), subject: 'maths', mentor: who('anna'), rule: 'mentor_hours', number: 13, would_fit: 'mentor_hours', starts: 14 },
        { ...base, child: who('sofia'), subject: 'reading', mentor: who('denisov'), minutes: 40, rule: 'mentor_lessons', number: 3, would_fit: 'mentor_lessons', starts: 3,
            proof: { lessons: 5, places: 3, of: 'mentor' } },
        { ...base, child: who('timur'), subject: 'nature', mentor: null, rule: 'no_candidate', number: 4 },
        { ...base, child: who('egor'), subject: 'maths', mentor: who('anna'), lesson: 522, rule: 'rest_day', number: 11, would_fit: 'rest_day', starts: 1 },
    ];
}

function made({ locale, scene }: Ask, week: string): Plan {
    const run: Plan = {
        id: 3, week, mode: scene === 'plan-repair' ? 'repair' : 'fresh', seed: 7, state: 'done', cause: 'none', asked_by: people(locale)('irina'),
        asked_at: NOW - 2 * MINUTE, begun_at: NOW - 2 * MINUTE, ended_at: NOW - MINUTE, version: 4,
        progress: { wanted: 184, placed: 180, bound: 182, steps: 52_000, ms: 41_000 },
        changes: { kept: 171, forced: 6, moved: 3, added: 0, left: 4 }, left: left(locale),
    };
    if (scene === 'plan-running') return { ...run, state: 'running', ended_at: null, version: null, changes: null, left: [], progress: { ...run.progress, placed: 121 } };
    if (scene === 'plan-failed') return { ...run, state: 'failed', cause: 'restart', version: null, changes: null, left: [] };
    if (scene === 'plan-all') return { ...run, progress: { ...run.progress, wanted: 180, bound: 180 }, changes: { kept: 0, forced: 0, moved: 0, added: 180, left: 0 }, left: [] };
    return run;
}

export function plans(ask: Ask): Reply {
    const week = ask.url.searchParams.get('week') ?? '2026-11-30';
    if (ask.method === 'POST' && ask.scene === 'plan-busy') return refuse(409, 'not_now');
    if (ask.method === 'POST') return ok({ ...made({ ...ask, scene: 'plan-running' }, String(ask.body.week ?? week)) }, { status: 202 });
    if (ask.url.pathname !== '/plans') return ok(made(ask, '2026-11-30'));
    return ok({ plans: ask.scene.startsWith('plan-') && ask.scene !== 'plan-busy' ? [{ ...made(ask, week), left: [] }] : [] });
}
