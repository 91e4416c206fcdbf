// SPDX-License-Identifier: Apache-2.0
//
// Which frames refer to the lowest temporal layer only. Encoders do not say so; but the first of a layer
// behind a key frame has nothing else to refer to, as long as no layer between has come. Without such a
// frame browsers hold a whole layer back; and where one frame of a layer came too late, they wait for the
// next such frame. Pure.

export class SyncMarks {
    private lowest = Infinity; // of the upper layers since the frame that all may refer to

    /** `cyclic`: upper layers refer to nothing before the last frame of layer 0, as Chromium makes them (0 2 1 2, where
     *  the first 2 and the 1 refer to 0 alone). */
    constructor(private readonly cyclic: boolean) {}

    /** The frames of one encoder in their order. */
    mark(key: boolean, layer: number): boolean {
        if (key || (this.cyclic && layer === 0)) this.lowest = Infinity;
        if (layer === 0) return false;
        const sync = this.lowest > layer;
        this.lowest = Math.min(this.lowest, layer);
        return sync;
    }
}

/** True in Chromium and what is made of it. */
export const cyclicLayers = (): boolean => 'userAgentData' in navigator;
