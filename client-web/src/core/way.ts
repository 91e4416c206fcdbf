// SPDX-License-Identifier: Apache-2.0
//
// Which way the media of this tab takes, remembered so that a reload need not find out again, and when
// to look whether the better way has opened. Pure, but for the storage that is handed in.

export type Way = 'udp' | 'frames';

/** UDP that is not connected so long after the answer does not get through. */
export const UDP_MS = 1_500;

const KEY = 'parta.way';
const PAUSES_S = [30, 60, 120, 300];

export interface WayMemory {
    read: () => Way;
    write: (way: Way) => void;
}

export const wayMemory = (storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): WayMemory => ({
    read: () => (storage.getItem(KEY) === 'frames' ? 'frames' : 'udp'),
    write: (way) => {
        if (way === 'frames') storage.setItem(KEY, way);
        else storage.removeItem(KEY);
    },
});

/** Pause before the n-th look (n from 0), ms: a third of it random, so that a whole centre does not look at once. */
export function lookPause(n: number, random: () => number): number {
    const s = PAUSES_S[Math.min(n, PAUSES_S.length - 1)] ?? 300;
    return Math.round(s * 1000 * (1 + random() / 3));
}
