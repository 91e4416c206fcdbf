// SPDX-License-Identifier: Apache-2.0
import type { Consent, ConsentKind, ConsentLesson, Consents } from '../../src/core/api.gen.ts';
import { type Ask, ok, refuse, type Reply } from './answer.ts';
import { at, MINUTE, people, YEKB } from './people.ts';

const lesson = (id: number, day: number, clock: string, subject: ConsentLesson['subject'], now = false): ConsentLesson =>
    ({ id, subject, start: at(day, clock, 5), end: at(day, clock, 5) + 40 * MINUTE, now });
const TOGETHER = [lesson(711, 23, '12:00', 'foreign', true), lesson(712, 26, '11:20', 'music')];
const ALONE = [lesson(721, 23, '13:30', 'reading'), lesson(722, 24, '9:50', 'maths'), lesson(723, 25, '10:40', 'language'), lesson(724, 26, '9:50', 'maths')];

function all({ locale, scene }: Ask): Consent[] {
    const p = people(locale);
    const make = (kind: ConsentKind, more: Partial<Consent>): Consent => ({
        kind, state: 'none', words: 1, agreed_words: null, asked: null, refused: null, given: null, expires: null, withdrawn: null, given_by: null, entered_by: null,
        paper: null, covers: [], lessons: [], ...more,
    });
    const given: Partial<Consent> = { state: 'given', agreed_words: 1, given: at(2, '10:00', 5), given_by: p('mother') };
    return [
        make('lessons', { ...given, paper: 7, entered_by: p('irina'), covers: ['lesson', 'group_lesson', 'record'], lessons: [...ALONE, ...TOGETHER] }),
        make('group', { ...given, covers: ['group_lesson'], lessons: TOGETHER }),
        make('recording', scene === 'answered' ? { state: 'refused', asked: at(20, '9:00'), refused: at(21, '9:00'), covers: ['record'] } : { covers: ['record'] }),
        make('sections', scene === 'answered' ? { ...given, agreed_words: 1, words: 2, covers: ['section'] } : { state: 'asked', asked: at(20, '9:00'), covers: ['section'] }),
    ];
}

/** /children/{child}/consents and what hangs below it. */
export function consents(ask: Ask): Reply {
    const p = people(ask.locale);
    const whole = (items: Consent[], changed: ConsentLesson[] | null = null): Reply => ok(
        { child: p('misha'), tz: YEKB, phone: '8 800 555-10-12', guardians: [p('mother')], consents: items, changed } satisfies Consents, { etag: '"v3"' });
    const items = all(ask);
    if (ask.method === 'GET') return whole(items);
    if (ask.url.pathname.endsWith('/paper') && (ask.url.searchParams.get('signed') ?? '') > '2026-11-23') return refuse(400, 'bad_field', { field: 'signed', fault: 'ahead' });
    const kind = (ask.body.kind ?? ask.url.searchParams.get('kind')) as ConsentKind;
    const answer = ask.url.pathname.endsWith('/ask') ? 'asked' : ask.body.answer as Consent['state'] | undefined ?? 'given';
    const gone = answer === 'withdrawn' ? items.find((c) => c.kind === kind)?.lessons ?? [] : null;
    return whole(items.map((c) => (c.kind === kind ? { ...c, state: answer, ...(gone ? { withdrawn: at(23, '10:12'), lessons: [] } : {}) } : c)), gone);
}
