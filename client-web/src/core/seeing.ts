// SPDX-License-Identifier: Apache-2.0
//
// Notices a camera that is on and gives no pictures: browsers lose one without a word, at a reload on a
// busy machine for instance; its track is live and not muted. Says when to take the camera anew, ever more
// rarely where that is no help. Pure.

/** One look at the track. */
export interface Sight {
    /** live, not muted by the system, and the page is shown */
    expected: boolean;
    /** pictures that its source has given so far; null: the browser does not count */
    pictures: number | null;
}

export const STARVED_MS = 4_000;
const MOST_MS = 60_000;

export class Seeing {
    private pictures: number | null = null;
    private since: number | null = null;
    private patienceMs = STARVED_MS;

    /** True: another track is to be taken now. */
    look(s: Sight, now: number): boolean {
        const came = s.pictures !== this.pictures;
        if (came && (s.pictures ?? 0) > 0) this.patienceMs = STARVED_MS;
        this.pictures = s.pictures;
        if (!s.expected || s.pictures === null || came) {
            this.since = s.expected ? now : null;
            return false;
        }
        this.since ??= now;
        if (now - this.since < this.patienceMs) return false;
        this.since = now;
        this.patienceMs = Math.min(2 * this.patienceMs, MOST_MS);
        return true;
    }
}
