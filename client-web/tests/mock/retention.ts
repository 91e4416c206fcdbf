// SPDX-License-Identifier: Apache-2.0
//
// Retention in the made-up world: periods, a run in every state, a list, somebody on hold.
import type { Retention, RetentionItem, RetentionKind, RetentionPeriod, RetentionRun } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { NOW, people } from './people.ts';

const DAY = 86_400_000;

const SOURCES: [RetentionKind, number, string][] = [
    ['chat', 365, 'DOMAIN 2.5: chat 1 year (proposal)'],
    ['presence', 365, 'proposal: what the register does not need is kept as long as the chat'],
    ['medical', 365, 'proposal: as long as a refused referral (DOMAIN 2.5), from the end of the case on'],
    ['report', 2192, 'DOMAIN 2.5: lesson and attendance 6 years from entry'],
    ['sheet', 9131, 'DOMAIN 2.5: final marks 25 years, unconfirmed'],
    ['staff_paper', 18263, 'DOMAIN 2.5: staff papers per labour law; 50 years, unconfirmed'],
    ['child', 2192, 'DOMAIN 2.5: lesson and attendance 6 years from entry'],
    ['family', 30, 'proposal: a guardian is known as long as a child is'],
    ['staff', 2192, 'DOMAIN 2.5: lesson and attendance 6 years from entry'],
];

const periods = (): RetentionPeriod[] =>
    SOURCES.map(([kind, days, source]) => (kind === 'chat' ? { kind, days, source: '№ 152-ФЗ', from: NOW - 400 * DAY } : { kind, days, source, from: null }));

function run({ locale, scene }: Ask): RetentionRun | null {
    if (scene === 'empty') return null;
    const state = (['listing', 'running', 'done', 'withdrawn'] as const).find((s) => s === scene) ?? 'listed';
    const p = people(locale);
    const begun = state === 'running' || state === 'done';
    const counts = SOURCES.map(([kind], i) => {
        const n = [184, 173, 6, 0, 0, 0, 3, 0, 1][i] ?? 0;
        return { kind, due: state === 'done' ? 0 : begun ? Math.floor(n / 2) : n, held: [4, 4, 2, 0, 0, 0, 1, 0, 0][i] ?? 0, done: begun ? n - (state === 'done' ? 0 : Math.floor(n / 2)) : 0, spared: state === 'done' && i === 6 ? 1 : 0 };
    });
    return {
        id: 12, rev: 2, state, more: false, asked_by: scene === 'own' ? p('irina') : p('anna'), asked: NOW - 2 * DAY,
        listed: state === 'listing' ? null : NOW - 2 * DAY, good_until: state === 'listed' ? NOW + 12 * DAY : null,
        confirmed_by: begun ? p('irina') : null, confirmed: begun ? NOW - DAY : null, ended: state === 'done' || state === 'withdrawn' ? NOW - DAY : null, counts,
    };
}

const page = (ask: Ask): Retention => ({
    periods: periods(), run: run(ask),
    holds: ask.scene === 'empty' ? [] : [
        { id: 2, user: 40, person: people(ask.locale)('misha'), reason: ask.locale === 'ru' ? 'Запрос суда от 12 ноября' : 'A court asked on 12 November', by: people(ask.locale)('irina'), since: NOW - 10 * DAY },
        { id: 1, user: 77, person: null, reason: ask.locale === 'ru' ? 'Проверка министерства' : 'The ministry looks into it', by: people(ask.locale)('anna'), since: NOW - 30 * DAY },
    ],
    may_ask: ask.who === 'admin' || ask.scene === 'empty', may_confirm: true,
});

function items({ url, scene, locale }: Ask): RetentionItem[] {
    if (scene === 'empty') return [];
    const kind = (url.searchParams.get('kind') ?? 'chat') as RetentionKind;
    const person = kind === 'child' ? people(locale)('misha') : null;
    const one = (item: number, more: Partial<RetentionItem>): RetentionItem => ({ kind, item, since: NOW - 400 * DAY, state: 'due', holds: [], person: null, done: null, ...more });
    return [
        one(40, { person }), one(41, {}), one(42, { state: 'held', holds: ['dispute', 'case'] }), one(43, { state: 'held', holds: ['legal'] }),
        one(44, { state: 'done', done: NOW }), one(45, { state: 'spared', holds: ['report'], done: NOW }),
    ];
}

export function retention(ask: Ask): Reply | null {
    const { url: { pathname: path }, scene } = ask;
    if (path === '/retention') return ok(page(ask));
    if (path === '/retention/holds') return refuse(409, 'gate', { gate: 'held_already' });
    if (path.endsWith('/confirm')) return refuse(409, 'gate', { gate: 'run_old' });
    if (/^\/retention\/runs\/\d+\/items$/.test(path)) return ok({ items: items(ask), next: scene === 'more' ? '100' : null });
    if (path.startsWith('/retention')) return ok(run(ask) ?? {});
    return null;
}
