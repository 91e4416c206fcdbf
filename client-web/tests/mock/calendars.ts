// SPDX-License-Identifier: Apache-2.0
import type { CalendarLessons, SchoolCalendar, SchoolCalendarNew } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { lesson } from './lessons.ts';
import { at, school, TZ } from './people.ts';

function calendar({ locale, scene }: Ask): SchoolCalendar {
    const empty = scene === 'empty';
    return {
        school: school(locale), tz: TZ, version: 3, may_edit: true,
        hours: empty ? [] : ([1, 2, 3, 4, 5] as const).map((weekday) => ({ weekday, from: '08:00', to: '19:00' })),
        holidays: empty ? [] : ['2026-11-04', '2026-12-29', '2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02'],
        terms: empty ? [] : [{ kind: 'year', from: '2026-09-01', to: '2027-05-31' }, { kind: 'quarter', from: '2026-09-01', to: '2026-10-25' }, { kind: 'quarter', from: '2026-11-02', to: '2026-12-28' }],
    };
}

function meets({ locale }: Ask): CalendarLessons {
    const brief = (id: number, start: number, child: 'misha' | 'sofia') => {
        const { kind: _k, screen_limit_s: _s, note_due: _n, opens: _o, closes: _c, state: _st, chip: _ch, version: _v, ...rest } =
            lesson(locale, { id, subject: 'maths', start, minutes: 40, mentor: 'anna', child, chip: 'later' });
        return rest;
    };
    return { count: 2, items: [brief(801, at(25, '10:00'), 'misha'), brief(802, at(25, '11:00'), 'sofia')] };
}

/** /schools/{id}/calendar and what stands under it, or null. */
export function calendars(ask: Ask): Reply | null {
    const path = ask.url.pathname;
    if (!/^\/schools\/\d+\/calendar/.test(path)) return null;
    if (path.endsWith('/lessons')) return ok(meets(ask));
    if (ask.method === 'PUT' && ask.scene === 'stale') return refuse(412, 'stale');
    if (ask.method === 'PUT') return ok({ ...calendar(ask), ...(ask.body as unknown as SchoolCalendarNew), version: 4 }, { etag: '"v4"' });
    return ok(calendar(ask), { etag: '"v3"' });
}
