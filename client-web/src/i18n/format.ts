// SPDX-License-Identifier: Apache-2.0
//
// Times and dates as people read them, in a named time zone. Instants are milliseconds since 1970;
// calendar days and months are the API's text.
import { zoneName } from './zones.ts';
import { TAGS, type Lang } from './load.ts';

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(lang: Lang, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const key = lang + JSON.stringify(options);
    let f = made.get(key);
    if (!f) made.set(key, (f = new Intl.DateTimeFormat(TAGS[lang], options)));
    return f;
}

const part = (f: Intl.DateTimeFormat, ms: number, type: string): string =>
    f.formatToParts(ms).find((p) => p.type === type)?.value ?? '';

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Noon UTC of a calendar day: safe to print with the zone UTC. */
const ofDate = (date: string): number => Date.parse(`${date}T12:00:00Z`);

export function formats(lang: Lang) {
    const day = (options: Intl.DateTimeFormatOptions) => (ms: number, tz: string): string =>
        formatter(lang, { ...options, timeZone: tz }).format(ms).replace(/\s?г\.$/, '');
    const hm = (ms: number, tz: string): [string, string] => {
        const f = formatter('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: tz });
        return [part(f, ms, 'hour'), part(f, ms, 'minute')];
    };
    const weekdayDay = day({ weekday: 'long', day: 'numeric', month: 'long' });
    return {
        /** 9:50, as one says it. */
        clock: (ms: number, tz: string): string => { const [h, m] = hm(ms, tz); return `${Number(h)}:${m}`; },
        /** 09:50, for columns. */
        clock2: (ms: number, tz: string): string => hm(ms, tz).join(':'),
        /** 4 December */
        dayMonth: day({ day: 'numeric', month: 'long' }),
        /** 4 December 2026 */
        dayMonthYear: day({ day: 'numeric', month: 'long', year: 'numeric' }),
        /** 4 Dec, 18:20 */
        dayTime: (ms: number, tz: string): string => {
            const [h, m] = hm(ms, tz);
            return `${day({ day: 'numeric', month: 'short' })(ms, tz).replace(/\.$/, '')}, ${Number(h)}:${m}`;
        },
        /** Mon 23 */
        weekdayShort: (ms: number, tz: string): string => upper(day({ weekday: 'short', day: 'numeric' })(ms, tz).replace(',', '')),
        /** Monday 23 November, of an instant */
        weekdayDay: (ms: number, tz: string): string => upper(weekdayDay(ms, tz)),
        /** monday 23 November, inside a sentence */
        onDay: weekdayDay,
        /** Monday 23 November, of a calendar day */
        date: (date: string): string => upper(weekdayDay(ofDate(date), 'UTC')),
        /** November 2026, of a calendar month */
        month: (month: string): string => day({ month: 'long', year: 'numeric' })(ofDate(`${month}-15`), 'UTC'),
        /** 4 December 2026, of a calendar day */
        dayYear: (date: string): string => day({ day: 'numeric', month: 'long', year: 'numeric' })(ofDate(date), 'UTC'),
        /** Екатеринбург; Yekaterinburg */
        zone: (tz: string): string => zoneName(tz, lang === 'ru'),
        /** one, two and three */
        list: (words: string[]): string => new Intl.ListFormat(TAGS[lang], { type: 'conjunction' }).format(words),
        number: (n: number): string => new Intl.NumberFormat(TAGS[lang]).format(n),
    };
}

export type Formats = ReturnType<typeof formats>;
