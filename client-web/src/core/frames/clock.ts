// SPDX-License-Identifier: Apache-2.0
//
// The capture time of voice frames. They are counted by the sound card and seen by another clock, always
// a little late. Their times go up by exactly one frame each, as receivers want it; only when the two
// clocks have drifted apart far, or the card paused, is there a step: forward, or by frames that are not
// sent, never back. Pure.

const STEP_US = 40_000; // lips may be off by this much before the time takes a step
const FIRST = 10; // frames that are only looked at: the first are seen late, while everything starts
const WINDOW = 50; // frames, 1 s

export class CaptureClock {
    private base: number | null = null;
    private least = Infinity; // of this window: when frame 0 began, by the frame that was seen soonest
    private n = 0;
    private last = -1;

    constructor(private readonly frameUs: number) {}

    /**
     * The capture time of the frame that begins at sample frame `index` (counted in frames) and was seen at
     * `seen` us; null: it is not to be sent.
     */
    time(index: number, seen: number): number | null {
        const start = seen - (index + 1) * this.frameUs; // when frame 0 began, if this one was seen at once
        this.least = Math.min(this.least, start);
        this.n++;
        if (this.base === null) {
            if (this.n < FIRST) return null;
            this.rebase();
        } else if (start < this.base - STEP_US || (this.n >= WINDOW && this.least - this.base > STEP_US)) {
            this.rebase();
        } else if (this.n >= WINDOW) {
            this.n = 0;
            this.least = Infinity;
        }
        const time = Math.max(0, Math.round((this.base ?? 0) + index * this.frameUs));
        if (time <= this.last) return null;
        this.last = time;
        return time;
    }

    private rebase(): void {
        this.base = this.least;
        this.least = Infinity;
        this.n = 0;
    }
}
