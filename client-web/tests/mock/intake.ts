// SPDX-License-Identifier: Apache-2.0
//
// Intake in the made-up world: a school's numbers and referrals, the centre's queue, cases.
import type { Alike, ChildCase, Locale, NeedReturn, RecommendationLimits, Referral, ReferralLine, RegisterEntry, Validity } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { at, people, school, type Name } from './people.ts';

const paper = (to: string, days: number | null, alert: number | null = null): Validity => ({
    state: days === null ? 'expired' : 'valid', from: '2026-09-01', to, days_left: days, alert,
});
const limits: RecommendationLimits = {
    ...paper('2027-03-31', 128), lesson_minutes: 30, lessons_per_day: 3, lessons_per_week: 12, screen_minutes: 20, hours: { from: '10:00', to: '14:00' },
    rest_days: [3, 7], equipment: ['headset', 'bed_mount'], camera_allowed: false,
};

function needs({ locale, url, who, scene }: Ask): Reply {
    const period = url.searchParams.get('month') ?? '2026-11';
    const line = (n: 12 | 31, declared: number | null, received: number, open: boolean): NeedReturn => ({
        id: declared === null ? null : n, version: declared === null ? null : 1, school: school(locale, n), period, declared, received,
        difference: declared === null ? null : declared - received, open, changed: declared === null ? null : at(20, '12:00'),
    });
    if (who === 'coordinator') return ok({ next: null, items: scene === 'empty' ? [] : [line(12, 5, 3, true), line(31, null, 2, true)] });
    const own = { '2026-11': line(12, scene === 'declared' ? 5 : null, 3, true), '2026-10': line(12, 4, 4, false), '2026-09': line(12, 2, 3, false) }[period];
    return ok({ next: null, items: [own ?? line(12, null, 0, false)] });
}

const NAMES: Record<Locale, string[]> = {
    ru: ['Морозова Елизавета', 'Гусев Арсений', 'Климова Софья', 'Ли Мария', 'Зайцев Пётр', 'Орлов Илья'],
    en: ['Elizaveta Morozova', 'Arseny Gusev', 'Sofia Klimova', 'Maria Li', 'Pyotr Zaitsev', 'Ilya Orlov'],
};
const LINES: [id: number, state: Referral['state'], days: number, more?: Partial<ReferralLine>][] = [
    [1, 'draft', 0, { missing: ['guardian_phone', 'consent', 'basis', 'recommendation'] }], [2, 'submitted', 9, { overdue: true }], [3, 'under_review', 4], [4, 'incomplete', 6, { missing: ['recommendation'] }],
    [5, 'accepted', 3], [6, 'refused', 2],
];

function line({ locale, who }: Ask, id: number): ReferralLine {
    const [, state, waiting_days, more] = LINES[(id - 1) % LINES.length] ?? LINES[0]!;
    const alike: Alike[] = state === 'under_review' && who === 'coordinator'
        ? [{ alike: 'other_school', child: people(locale)('sofia'), referral: null, name: people(locale)('sofia').name, school: school(locale, 31) }] : [];
    return {
        id, version: 3, state, school: school(locale), child_name: NAMES[locale][id - 1] ?? null, birth_date: '2016-05-09', missing: [],
        submitted: state === 'draft' ? null : at(23 - waiting_days, '11:00'), waiting_days, overdue: false,
        reviewer: state === 'under_review' && who === 'coordinator' ? people(locale)('irina') : null, alike, ...more,
    };
}

function referral(ask: Ask, id: number, change: Partial<Referral> = {}): Referral {
    const head = line(ask, id);
    const { locale } = ask;
    const closed = head.state === 'accepted' || head.state === 'refused' || head.state === 'withdrawn';
    const whole = !head.missing.includes('basis');
    return {
        ...head, grade: 4, guardian_name: locale === 'ru' ? 'Морозова Ольга' : 'Olga Morozova', guardian_phone: head.state === 'draft' ? null : '+7 900 000-00-00',
        application: '2026-11-12', consent: head.state === 'draft' ? null : '2026-11-12',
        basis: whole ? { ...paper('2027-05-31', 189), issued: '2026-11-10', words: true, scan: true } : null,
        recommendation: whole ? { ...limits, ...(head.missing.length ? paper('2026-11-20', null) : {}), issued: '2026-09-01', words: true, scan: false } : null,
        child: head.state === 'accepted' ? people(locale)('liza') : null,
        asked: head.state === 'incomplete' ? { items: ['recommendation'], note: locale === 'ru' ? 'Срок рекомендаций истёк, пришлите новые.' : 'The recommendation has run out, send a newer one.' } : null,
        refusal: head.state === 'refused' ? 'no_ground' : null, closed: closed ? at(22, '12:00') : null, withdrawn_reason: null, ...change,
    };
}

function referrals(ask: Ask): Reply {
    const [, , idText, move] = ask.url.pathname.split('/');
    const id = Number(idText);
    if (ask.method === 'POST' && !idText) return ask.scene === 'bad' ? refuse(400, 'bad_field', { field: 'birth_date', fault: 'range' }) : { status: 201, body: referral(ask, 1) };
    if (!idText) {
        const state = ask.url.searchParams.get('state');
        const all = LINES.map(([n]) => line(ask, n)).filter((r) => (!state || r.state === state) && (ask.who !== 'coordinator' || r.state !== 'draft'));
        return ok({ next: null, items: ask.scene === 'empty' ? [] : all });
    }
    if (ask.scene === 'stale' && ask.method !== 'GET') return refuse(412, 'stale');
    if (ask.scene === 'own' && move === 'take') return refuse(409, 'gate', { gate: 'own_referral' });
    if (ask.scene === 'bad' && ask.method === 'PATCH') return refuse(400, 'bad_field', { field: 'basis.issued', fault: 'ahead' });
    if (move === 'scans') return ask.url.searchParams.get('kind') ? refuse(400, 'bad_file') : ok('%PDF-1.7', { type: 'application/pdf' });
    if (move === 'medical') return ok(medical(ask.locale));
    if (move === 'take') return ok(referral(ask, id, { state: 'under_review', reviewer: people(ask.locale)('irina'), version: 4 }));
    if (move === 'submit') return ok(referral(ask, id, { state: 'submitted', version: 4, missing: [], asked: null }));
    if (move === 'withdraw') return ok(referral(ask, id, { state: 'withdrawn', closed: at(23, '10:12'), withdrawn_reason: String(ask.body.reason) }));
    return ok(referral(ask, id));
}

const medical = (locale: Locale) => ({
    basis: { document: '№ 114', issuer: locale === 'ru' ? 'Детская поликлиника № 7' : 'Children’s clinic 7', ground: locale === 'ru' ? 'Слова врача об основании' : 'The doctor’s words about the ground' },
    recommendation: { doctor: locale === 'ru' ? 'А. Б. Врач' : 'A. B. Doctor', organisation: locale === 'ru' ? 'Детская поликлиника № 7' : 'Children’s clinic 7', words: locale === 'ru' ? 'Слова врача о нагрузке' : 'The doctor’s words about the load' },
    reason: null,
});

function caseFile({ locale, scene, who }: Ask): ChildCase {
    const open: ChildCase = {
        child: people(locale)(who === 'school_officer' ? 'misha' : 'liza'), register_no: '2026-0114', referral: 5, state: 'mentor_search', reason: null, opened: at(2, '12:00'), closed: null,
        missing: [
            { gate: 'mentor', owes: 'coordinator', due: '2026-11-21', late: true }, { gate: 'schedule', owes: 'coordinator', due: '2026-11-28', late: false },
            { gate: 'staff', owes: 'school_officer', due: '2026-12-02', late: false },
        ],
        papers: { basis: paper('2027-05-31', 189), recommendation: paper('2027-03-31', 128) },
    };
    if (scene === 'suspended') return { ...open, state: 'suspended', reason: 'paper_expired', missing: [{ gate: 'recommendation', owes: 'guardian', due: '2026-11-20', late: true }] };
    if (scene === 'active') return { ...open, state: 'active', missing: [] };
    if (scene === 'closed') return { ...open, state: 'closed', reason: 'recovered', missing: [], closed: at(20, '12:00') };
    return open;
}

function register({ locale, scene, url }: Ask): Reply {
    const p = people(locale);
    const entry = (name: Name, no: number, more: Partial<RegisterEntry> = {}): RegisterEntry => ({
        child: p(name), register_no: `2026-01${no}`, grade: 4, school: school(locale), birth_date: '2016-05-09', case: 'active',
        papers: { basis: paper('2027-05-31', 189), recommendation: paper('2027-03-31', 128) }, alike: [], ...more,
    });
    const all = [
        entry('liza', 14, { case: 'mentor_search' }), entry('misha', 11, { papers: { basis: paper('2026-12-05', 12, 14), recommendation: paper('2026-12-05', 12, 14) } }),
        entry('sofia', 12, { alike: [{ child: p('vera'), alike: 'other_school' }] }), entry('egor', 13, { case: 'suspended', papers: { basis: paper('2027-05-31', 189), recommendation: paper('2026-11-20', null) } }),
        entry('timur', 10, { case: null }), entry('vera', 15, { case: 'closed' }),
    ];
    const q = (url.searchParams.get('q') ?? '').toLowerCase();
    return ok({ next: null, items: scene === 'empty' ? [] : all.filter((e) => e.child.name.toLowerCase().includes(q)) });
}

/** null: not intake's. */
export function intake(ask: Ask): Reply | null {
    const path = ask.url.pathname;
    if (ask.scene === 'intake-down') return refuse(503, 'unavailable');
    if (path === '/need-returns' && ask.method !== 'GET') return refuse(409, 'gate', { gate: 'below_referrals' });
    if (path === '/need-returns') return needs(ask);
    if (path.startsWith('/referrals')) return referrals(ask);
    if (path === '/intake/queue') return ok({ next: null, items: ask.scene === 'empty' ? [] : [line(ask, 2), line(ask, 3)] });
    if (path === '/intake/decisions') return ok({ month: '2026-11', accepted: ask.scene === 'empty' ? 0 : 7, refused: ask.scene === 'empty' ? 0 : 1, median_days: ask.scene === 'empty' ? null : 3, longest_days: ask.scene === 'empty' ? null : 9 });
    if (path === '/child-register') return register(ask);
    if (/^\/children\/\d+\/limits$/.test(path)) return ok({ child: people(ask.locale)('liza'), limits });
    if (/^\/children\/\d+\/case$/.test(path)) return ask.scene === 'none' ? refuse(404, 'not_found') : ok(caseFile(ask));
    if (path.endsWith('/case/close')) return refuse(409, 'gate', { gate: 'lessons_ahead' });
    return null;
}
