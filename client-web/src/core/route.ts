// SPDX-License-Identifier: Apache-2.0
//
// Every address of the pages as a type, and the two directions between them. An unknown address is
// `home`: nobody is ever shown a "not found" page.
import type { FigureName, RetentionKind } from './api.gen.ts';
import { askQuery, readAsk, readFigure, type FiguresAsk } from './figures.ts';

export type Route =
    | { at: 'home' }
    | { at: 'adult' }
    | { at: 'link'; token: string }
    | { at: 'reset'; token: string | null }
    | { at: 'invite'; token: string }
    | { at: 'security' }
    | { at: 'people' }
    | { at: 'outbox' }
    | { at: 'webhooks' }
    | { at: 'webhook'; id: number }
    | { at: 'retention' }
    | { at: 'retention_list'; run: number; kind: RetentionKind }
    | { at: 'lesson'; id: number }
    | { at: 'mentors' }
    | { at: 'mentor'; id: number }
    | { at: 'can_teach'; mentor: number; child: number | null }
    | { at: 'ready'; lesson: number | null }
    | { at: 'timetable'; date: string | null }
    | { at: 'plan'; week: string | null }
    | { at: 'week'; of: string; date: string | null }
    | { at: 'series'; of: string }
    | { at: 'events' }
    | { at: 'event_new' }
    | { at: 'event'; id: number }
    | { at: 'event_edit'; id: number }
    | { at: 'draft'; id: number }
    | { at: 'reports'; month: string | null }
    | { at: 'report'; id: string }
    | { at: 'wellbeing'; id: string }
    | { at: 'sheets' }
    | { at: 'sheet'; id: string }
    | { at: 'marks'; child: number }
    | { at: 'timesheet'; month: string | null }
    | { at: 'figures'; ask: FiguresAsk }
    | { at: 'figure_rows'; figure: FigureName; ask: FiguresAsk }
    | { at: 'needs'; month: string | null }
    | { at: 'referrals' }
    | { at: 'referral_new' }
    | { at: 'referral'; id: number }
    | { at: 'intake' }
    | { at: 'register' }
    | { at: 'case'; child: number }
    | { at: 'children' }
    | { at: 'programmes' }
    | { at: 'programme'; child: number }
    | { at: 'candidates'; child: number }
    | { at: 'hours'; of: 'child' | 'mentor'; id: number }
    | { at: 'calendar'; school: number | null }
    | { at: 'import' }
    | { at: 'log'; child: number; month: string | null }
    | { at: 'consents'; child: number }
    | { at: 'sections' }
    | { at: 'section'; id: number }
    | { at: 'section_new' }
    | { at: 'choices'; child: number };

const ID = /^[1-9][0-9]{0,15}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MONTH = /^\d{4}-\d{2}$/;
const SERIES_OF = /^(mentor|child)-[1-9]\d{0,15}$/;
const WHOSE = /^(centre|mentor-own|(school|mentor|child)-[1-9]\d{0,15})$/;
const SHEET = /^\d{1,16}-\d{1,16}-\d{1,16}-[42]-\d{4}-\d{2}-\d{2}$/;
const REPORT = /^\d{1,16}-\d{1,16}-\d{1,16}-\d{4}-\d{2}$/;

const matching = (text: string | null, pattern: RegExp): string | null => (text && pattern.test(text) ? text : null);
const id = (text: string | undefined): number | null => (text && ID.test(text) ? Number(text) : null);

/** The route of an address such as `/log/40?month=2026-11`. */
export function parseRoute(address: string): Route {
    const url = new URL(address, 'https://parta.invalid');
    const [head, arg, ...rest] = url.pathname.split('/').filter(Boolean).map(decode);
    if (head === 'hours' && rest.length === 1) return hoursOf(arg, id(rest[0]));
    if (rest.length > 0) return { at: 'home' };
    const number = id(arg);
    switch (head) {
        case 'adult': return { at: 'adult' };
        case 'in':
        case 's': return arg ? { at: 'link', token: arg } : { at: 'home' };
        case 'reset': return { at: 'reset', token: arg ?? null };
        case 'invite': return arg ? { at: 'invite', token: arg } : { at: 'home' };
        case 'security': return { at: 'security' };
        case 'people': return { at: 'people' };
        case 'outbox': return { at: 'outbox' };
        case 'webhooks': return number ? { at: 'webhook', id: number } : { at: 'webhooks' };
        case 'retention': return number ? retentionList(number, url.searchParams.get('kind')) : { at: 'retention' };
        case 'lesson': return number ? { at: 'lesson', id: number } : { at: 'home' };
        case 'mentors': return { at: 'mentors' };
        case 'mentor': return number ? { at: 'mentor', id: number } : { at: 'home' };
        case 'can-teach': return number ? { at: 'can_teach', mentor: number, child: id(url.searchParams.get('child') ?? undefined) } : { at: 'home' };
        case 'ready': return { at: 'ready', lesson: number };
        case 'timetable': return { at: 'timetable', date: matching(url.searchParams.get('date'), DATE) };
        case 'plan': return { at: 'plan', week: matching(url.searchParams.get('week'), DATE) };
        case 'week': return week(url.searchParams);
        case 'series': return { at: 'series', of: matching(url.searchParams.get('of'), SERIES_OF) ?? 'centre' };
        case 'events': return { at: 'events' };
        case 'event': return arg === 'new' ? { at: 'event_new' } : number ? { at: 'event', id: number } : { at: 'home' };
        case 'event-edit': return number ? { at: 'event_edit', id: number } : { at: 'home' };
        case 'draft': return number ? { at: 'draft', id: number } : { at: 'home' };
        case 'reports': return arg && REPORT.test(arg) ? { at: 'report', id: arg }
            : { at: 'reports', month: matching(url.searchParams.get('month'), MONTH) };
        case 'wellbeing': return arg && REPORT.test(arg) ? { at: 'wellbeing', id: arg } : { at: 'home' };
        case 'sheets': return arg && SHEET.test(arg) ? { at: 'sheet', id: arg } : { at: 'sheets' };
        case 'marks': return number ? { at: 'marks', child: number } : { at: 'home' };
        case 'timesheet': return { at: 'timesheet', month: matching(url.searchParams.get('month'), MONTH) };
        case 'figures': return figures(arg, url.searchParams);
        case 'needs': return { at: 'needs', month: matching(url.searchParams.get('month'), MONTH) };
        case 'referrals': return { at: 'referrals' };
        case 'referral': return arg === 'new' ? { at: 'referral_new' } : number ? { at: 'referral', id: number } : { at: 'home' };
        case 'intake': return { at: 'intake' };
        case 'register': return { at: 'register' };
        case 'case': return number ? { at: 'case', child: number } : { at: 'home' };
        case 'children': return { at: 'children' };
        case 'programmes': return { at: 'programmes' };
        case 'programme': return number ? { at: 'programme', child: number } : { at: 'home' };
        case 'candidates': return number ? { at: 'candidates', child: number } : { at: 'home' };
        case 'calendar': return { at: 'calendar', school: number };
        case 'import': return { at: 'import' };
        case 'log': return number ? { at: 'log', child: number, month: matching(url.searchParams.get('month'), MONTH) }
            : { at: 'home' };
        case 'sections': return { at: 'sections' };
        case 'section': return arg === 'new' ? { at: 'section_new' } : number ? { at: 'section', id: number } : { at: 'home' };
        case 'choices': return number ? { at: 'choices', child: number } : { at: 'home' };
        case 'consents': return number ? { at: 'consents', child: number } : { at: 'home' };
        default: return { at: 'home' };
    }
}

const KINDS: readonly RetentionKind[] = ['chat', 'presence', 'medical', 'report', 'sheet', 'staff_paper', 'child', 'family', 'staff'];
function retentionList(run: number, text: string | null): Route {
    const kind = KINDS.find((k) => k === text);
    return kind ? { at: 'retention_list', run, kind } : { at: 'retention' };
}

const hoursOf = (of: string | undefined, who: number | null): Route =>
    (who && (of === 'child' || of === 'mentor') ? { at: 'hours', of, id: who } : { at: 'home' });
function week(params: URLSearchParams): Route {
    const of = matching(params.get('of'), WHOSE);
    return of ? { at: 'week', of, date: matching(params.get('date'), DATE) } : { at: 'home' };
}

function figures(arg: string | undefined, params: URLSearchParams): Route {
    const figure = arg === 'rows' ? readFigure(params.get('figure')) : null;
    return figure ? { at: 'figure_rows', figure, ask: readAsk(params) } : { at: 'figures', ask: readAsk(params) };
}

function decode(part: string): string {
    try {
        return decodeURIComponent(part);
    } catch {
        return '';
    }
}

const suffix = (name: string, value: string | null): string => (value ? `?${name}=${value}` : '');

/** The address of a route. */
export function routeAddress(route: Route): string {
    switch (route.at) {
        case 'home': return '/';
        case 'adult': return '/adult';
        case 'link': return `/in/${encodeURIComponent(route.token)}`;
        case 'reset': return route.token ? `/reset/${encodeURIComponent(route.token)}` : '/reset';
        case 'invite': return `/invite/${encodeURIComponent(route.token)}`;
        case 'security': return '/security';
        case 'people': return '/people';
        case 'outbox': return '/outbox';
        case 'webhooks': return '/webhooks';
        case 'webhook': return `/webhooks/${route.id}`;
        case 'retention': return '/retention';
        case 'retention_list': return `/retention/${route.run}?kind=${route.kind}`;
        case 'lesson': return `/lesson/${route.id}`;
        case 'mentors': return '/mentors';
        case 'mentor': return `/mentor/${route.id}`;
        case 'can_teach': return `/can-teach/${route.mentor}${suffix('child', route.child === null ? null : String(route.child))}`;
        case 'ready': return route.lesson ? `/ready/${route.lesson}` : '/ready';
        case 'timetable': return `/timetable${suffix('date', route.date)}`;
        case 'plan': return `/plan${suffix('week', route.week)}`;
        case 'week': return `/week?of=${route.of}${route.date ? `&date=${route.date}` : ''}`;
        case 'events': return '/events';
        case 'event_new': return '/event/new';
        case 'event': return `/event/${route.id}`;
        case 'event_edit': return `/event-edit/${route.id}`;
        case 'series': return `/series${suffix('of', route.of === 'centre' ? null : route.of)}`;
        case 'draft': return `/draft/${route.id}`;
        case 'reports': return `/reports${suffix('month', route.month)}`;
        case 'report': return `/reports/${route.id}`;
        case 'wellbeing': return `/wellbeing/${route.id}`;
        case 'sheets': return '/sheets';
        case 'sheet': return `/sheets/${route.id}`;
        case 'marks': return `/marks/${route.child}`;
        case 'timesheet': return `/timesheet${suffix('month', route.month)}`;
        case 'figures': return `/figures${askQuery(route.ask)}`;
        case 'figure_rows': return `/figures/rows${askQuery(route.ask, { figure: route.figure })}`;
        case 'needs': return `/needs${suffix('month', route.month)}`;
        case 'referrals': return '/referrals';
        case 'referral_new': return '/referral/new';
        case 'referral': return `/referral/${route.id}`;
        case 'intake': return '/intake';
        case 'register': return '/register';
        case 'case': return `/case/${route.child}`;
        case 'children': return '/children';
        case 'programmes': return '/programmes';
        case 'programme': return `/programme/${route.child}`;
        case 'candidates': return `/candidates/${route.child}`;
        case 'hours': return `/hours/${route.of}/${route.id}`;
        case 'calendar': return route.school ? `/calendar/${route.school}` : '/calendar';
        case 'import': return '/import';
        case 'log': return `/log/${route.child}${suffix('month', route.month)}`;
        case 'consents': return `/consents/${route.child}`;
        case 'sections': return '/sections';
        case 'section': return `/section/${route.id}`;
        case 'section_new': return '/section/new';
        case 'choices': return `/choices/${route.child}`;
    }
}
