// SPDX-License-Identifier: Apache-2.0
//
// The capture time of voice frames. They are counted by the sound card and seen by another clock, always
// a little late. Their times go up by exactly one frame each, as receivers want it; only when the two
// clocks have drifted apart far, or the card paused, is there a step. Pure.

const STEP_US = 40_000; // lips may be off by this much before the time takes a step
const WINDOW = 50; // frames, 1 s

export class CaptureClock {
    private base: number | null = null;
    private least = Infinity;
    private n = 0;
    private last = -1;

    constructor(private readonly frameUs: number) {}

    /** The capture time of the frame that begins at sample frame `index` (counted in frames) and was seen at `seen` us. */
    time(index: number, seen: number): number {
        const start = seen - (index + 1) * this.frameUs; // when frame 0 began, if this one was seen at once
        if (this.base === null || start < this.base - STEP_US) this.rebase(start);
        this.least = Math.min(this.least, start);
        if (++this.n >= WINDOW) {
            if (Math.abs(this.least - (this.base ?? 0)) > STEP_US) this.base = this.least;
            this.n = 0;
            this.least = Infinity;
        }
        const time = Math.max(0, Math.round((this.base ?? 0) + index * this.frameUs), this.last);
        this.last = time;
        return time;
    }

    private rebase(start: number): void {
        this.base = start;
        this.least = start;
        this.n = 0;
    }
}
