// SPDX-License-Identifier: Apache-2.0
//
// Which frames refer to the lowest temporal layer only. Encoders do not say so; but the first of a layer
// behind a key frame has nothing else to refer to, as long as no layer between has come. Without such a
// frame browsers hold a whole layer back for ever. Pure.

export class SyncMarks {
    private lowest = Infinity; // of the upper layers that have come since the key frame

    /** The frames of one encoder in their order. */
    mark(key: boolean, layer: number): boolean {
        if (key) this.lowest = Infinity;
        if (layer === 0) return false;
        const sync = this.lowest > layer;
        this.lowest = Math.min(this.lowest, layer);
        return sync;
    }
}
