// SPDX-License-Identifier: Apache-2.0
//
// Local wall time of an instant, as the forms and the API write it. The other direction is the
// server's: it alone decides about skipped and doubled times.
export interface Wall { date: string; time: string }

const made = new Map<string, Intl.DateTimeFormat>();

export function wall(ms: number, tz: string): Wall {
    let f = made.get(tz);
    if (!f) {
        f = new Intl.DateTimeFormat('en-GB', {
            timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
        });
        made.set(tz, f);
    }
    const p = Object.fromEntries(f.formatToParts(ms).map((x) => [x.type, x.value]));
    return { date: `${p.year}-${p.month}-${p.day}`, time: `${p.hour}:${p.minute}` };
}

/** Minutes since midnight of an instant's wall time; for grids. */
export function minuteOfDay(ms: number, tz: string): number {
    const [h = 0, m = 0] = wall(ms, tz).time.split(':').map(Number);
    return h * 60 + m;
}

/** A calendar day so many days later. */
export function addDays(date: string, days: number): string {
    return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** A calendar month so many months later. */
export function addMonths(month: string, months: number): string {
    const [y = 0, m = 1] = month.split('-').map(Number);
    return new Date(Date.UTC(y, m - 1 + months, 15)).toISOString().slice(0, 7);
}

export const wholeMinutes = (ms: number): number => Math.floor(ms / 60_000);
