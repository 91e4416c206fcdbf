// SPDX-License-Identifier: Apache-2.0
import type { Series, SeriesList } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { at, people, TZ, YEKB, type Name } from './people.ts';

function list({ locale, scene }: Ask): SeriesList {
    const p = people(locale);
    const one = (id: number, subject: string, mentor: Name, children: Name[], rule: string, more: Partial<Series> = {}): Series => ({
        id, rev: 2, subject, mentor: p(mentor), children: children.map(p), tz: YEKB, rule: `FREQ=WEEKLY;INTERVAL=1;WKST=MO;${rule}`, first: '2026-09-01', time: '09:40', minutes: 30,
        ends_before: null, lessons: 9, next: at(24, '9:40', 5), last: at(30, '9:40', 5), shifted: [], ...more,
    });
    const long = locale === 'ru' ? 'История родного края и краеведение' : 'History of the home region';
    return {
        series: scene === 'empty' ? [] : [
            one(1, 'maths', 'anna', ['misha'], 'BYDAY=MO,WE,FR;UNTIL=20261228'),
            one(2, 'reading', 'denisov', ['misha'], 'BYDAY=TU;UNTIL=20261228', { rule: 'FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=TU;UNTIL=20261228', time: '13:30', lessons: 1 }),
            one(3, 'foreign', 'novik', ['liza'], 'BYDAY=TU,TH;UNTIL=20270531', { tz: TZ, ends_before: '2026-12-15', lessons: 5 }),
            one(4, long, 'shah', ['egor', 'vera', 'timur', 'anya'], 'BYDAY=MO,TU,WE,TH,FR;UNTIL=20261228', {
                lessons: 22, shifted: [{ date: '2026-12-01', was: at(30, '9:40', 5), is: at(30, '10:40', 5) }],
            }),
        ],
    };
}

/** What the page of weekly series asks for; null for anything else. */
export function series(ask: Ask): Reply | null {
    const { method, url: { pathname: path }, scene } = ask;
    if (path === '/series') return scene === 'series-down' ? refuse(503, 'unavailable') : ok(list(ask));
    if (method !== 'POST' || !/^\/series\/\d+\/end$/.test(path)) return null;
    return scene === 'series-stale' ? refuse(412, 'stale') : ok({ series: list(ask).series[0], cancelled: 9, unplanned: 2 });
}
