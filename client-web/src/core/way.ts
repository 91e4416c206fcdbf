// SPDX-License-Identifier: Apache-2.0
//
// Which way the media of this tab takes, remembered for a while so that a reload need not find out again,
// how long UDP is waited for, and when to look whether it has opened. Pure, but for the storage that is handed in.

export type Way = 'udp' | 'frames';

const KEY = 'parta.way';
const KEPT_MS = 10 * 60_000;
const PAUSES_S = [5, 30, 60, 120, 300];
/** The first look where UDP has died in the middle of a lesson, or was found shut before a reload: not the soonest. */
export const LOOK_AGAIN = 1;

const RACE_MIN_MS = 450, RACE_MAX_MS = 2_500, RACE_UNKNOWN_MS = 1_200;
const RACE_TRIPS = 6;

/** UDP from which nothing came so long after the answer does not get through: where it does, the first check is back
 *  after one round trip, and a lost one is repeated at once. `rttMs` of the line, null while it is not known. */
export const raceMs = (rttMs: number | null): number =>
    (rttMs === null ? RACE_UNKNOWN_MS : Math.round(Math.min(RACE_MAX_MS, Math.max(RACE_MIN_MS, RACE_TRIPS * rttMs))));

export interface WayMemory {
    read: () => Way;
    write: (way: Way) => void;
}

export const wayMemory = (storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, now: () => number = Date.now): WayMemory => ({
    read: () => {
        const [way, at] = storage.getItem(KEY)?.split(' ') ?? [];
        return way === 'frames' && now() - Number(at) < KEPT_MS ? 'frames' : 'udp';
    },
    write: (way) => {
        if (way === 'frames') storage.setItem(KEY, `${way} ${now()}`);
        else storage.removeItem(KEY);
    },
});

/** Pause before the n-th look (n from 0), ms: a third of it random, so that a whole centre does not look at once. */
export function lookPause(n: number, random: () => number): number {
    const s = PAUSES_S[Math.min(n, PAUSES_S.length - 1)] ?? 300;
    return Math.round(s * 1000 * (1 + random() / 3));
}
