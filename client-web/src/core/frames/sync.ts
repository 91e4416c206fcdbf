// SPDX-License-Identifier: Apache-2.0
//
// When a picture is shown: when the voice of the same person plays what was said as it was taken. Where
// no voice plays, at once. A picture is never held for long: a clock that is wrong must not stop it. Pure.

export interface Held { time: number; at: number }

const LONGEST_MS = 400; // a picture waits no longer than the longest wait of a voice, and before its place is needed (HELD_MOST)
const OLD_MS = 400; // a voice that has not been heard of for so long plays nothing

/** What the voice plays: told now and then, carried on by the clock in between. */
export class VoiceClock {
    private time: number | null = null;
    private at = 0;

    /** At `now` (ms) the sample captured at `time` (us) is heard; null: nothing plays. */
    heard(time: number | null, now: number): void {
        this.time = time;
        this.at = now;
    }

    /** us, or null where no voice plays. */
    now(now: number): number | null {
        return this.time === null || now - this.at > OLD_MS ? null : this.time + (now - this.at) * 1000;
    }
}

/**
 * How many of the pictures that wait (oldest first) have had their time: the last of them is the one to
 * show, those before it are skipped. `waitMs`: when to look again; Infinity when there is nothing to wait for.
 */
export function due(held: readonly Held[], voice: VoiceClock, now: number): { take: number; waitMs: number } {
    const playing = voice.now(now);
    if (playing === null) return { take: held.length, waitMs: Infinity };
    let take = 0;
    for (const picture of held) {
        const early = (picture.time - playing) / 1000;
        if (early > 1 && now - picture.at < LONGEST_MS) return { take, waitMs: Math.max(1, Math.min(early, LONGEST_MS - (now - picture.at))) };
        take++;
    }
    return { take, waitMs: Infinity };
}
