// SPDX-License-Identifier: Apache-2.0
//
// Every address of the pages as a type, and the two directions between them. An unknown address is
// `home`: nobody is ever shown a "not found" page.
export type Route =
    | { at: 'home' }
    | { at: 'adult' }
    | { at: 'link'; token: string }
    | { at: 'lesson'; id: number }
    | { at: 'mentors' }
    | { at: 'mentor'; id: number }
    | { at: 'can_teach'; mentor: number; child: number | null }
    | { at: 'ready'; lesson: number | null }
    | { at: 'timetable'; date: string | null }
    | { at: 'reports'; month: string | null }
    | { at: 'report'; id: string }
    | { at: 'children' }
    | { at: 'import' }
    | { at: 'log'; child: number; month: string | null };

const ID = /^[1-9][0-9]{0,15}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MONTH = /^\d{4}-\d{2}$/;
const REPORT = /^\d{1,16}-\d{1,16}-\d{1,16}-\d{4}-\d{2}$/;

const matching = (text: string | null, pattern: RegExp): string | null => (text && pattern.test(text) ? text : null);
const id = (text: string | undefined): number | null => (text && ID.test(text) ? Number(text) : null);

/** The route of an address such as `/log/40?month=2026-11`. */
export function parseRoute(address: string): Route {
    const url = new URL(address, 'https://parta.invalid');
    const [head, arg, ...rest] = url.pathname.split('/').filter(Boolean).map(decode);
    if (rest.length > 0) return { at: 'home' };
    const number = id(arg);
    switch (head) {
        case 'adult': return { at: 'adult' };
        case 'in':
        case 's': return arg ? { at: 'link', token: arg } : { at: 'home' };
        case 'lesson': return number ? { at: 'lesson', id: number } : { at: 'home' };
        case 'mentors': return { at: 'mentors' };
        case 'mentor': return number ? { at: 'mentor', id: number } : { at: 'home' };
        case 'can-teach': return number ? { at: 'can_teach', mentor: number, child: id(url.searchParams.get('child') ?? undefined) } : { at: 'home' };
        case 'ready': return { at: 'ready', lesson: number };
        case 'timetable': return { at: 'timetable', date: matching(url.searchParams.get('date'), DATE) };
        case 'reports': return arg && REPORT.test(arg) ? { at: 'report', id: arg }
            : { at: 'reports', month: matching(url.searchParams.get('month'), MONTH) };
        case 'children': return { at: 'children' };
        case 'import': return { at: 'import' };
        case 'log': return number ? { at: 'log', child: number, month: matching(url.searchParams.get('month'), MONTH) }
            : { at: 'home' };
        default: return { at: 'home' };
    }
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
        case 'lesson': return `/lesson/${route.id}`;
        case 'mentors': return '/mentors';
        case 'mentor': return `/mentor/${route.id}`;
        case 'can_teach': return `/can-teach/${route.mentor}${suffix('child', route.child === null ? null : String(route.child))}`;
        case 'ready': return route.lesson ? `/ready/${route.lesson}` : '/ready';
        case 'timetable': return `/timetable${suffix('date', route.date)}`;
        case 'reports': return `/reports${suffix('month', route.month)}`;
        case 'report': return `/reports/${route.id}`;
        case 'children': return '/children';
        case 'import': return '/import';
        case 'log': return `/log/${route.child}${suffix('month', route.month)}`;
    }
}
