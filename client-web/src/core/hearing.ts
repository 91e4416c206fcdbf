// SPDX-License-Identifier: Apache-2.0
//
// Notices a microphone that is on and hears nothing, as tablets do it: the track ended, the system keeps
// it muted, or it gives digital silence, which no room does. Says what the person can do about it with
// one tap: take the microphone anew; if that was no help, load the page anew into the same seat. Pure.

/** One look at the track. */
export interface Look {
    ended: boolean;
    /** the system's mute of the track, not the person's */
    muted: boolean;
    /** the loudest sample since the last look, 0 to 1; null: cannot be measured now */
    peak: number | null;
}
export type Remedy = 'none' | 'reacquire' | 'reload';

/** Below -100 dB: no real microphone is so quiet. */
export const DIGITAL_SILENCE = 1e-5;
/** A call or another program takes the microphone for a moment. */
export const MUTED_MS = 3_000;
/** Nothing ever came of this track. */
export const NEVER_HEARD_MS = 8_000;
/** It was heard before; strong noise suppression may be silent between sentences. */
export const FELL_SILENT_MS = 20_000;

export class Hearing {
    private heardAt: number | null = null;
    private silentSince: number | null = null;
    private mutedSince: number | null = null;
    private tries = 0;
    private deaf = false;

    get remedy(): Remedy {
        if (!this.deaf) return 'none';
        return this.tries === 0 ? 'reacquire' : 'reload';
    }

    look(l: Look, now: number): Remedy {
        if (l.peak !== null && l.peak >= DIGITAL_SILENCE && !l.ended && !l.muted) {
            this.heardAt = now;
            this.silentSince = this.mutedSince = null;
            this.tries = 0;
            this.deaf = false;
            return 'none';
        }
        this.mutedSince = l.muted ? (this.mutedSince ?? now) : null;
        this.silentSince = l.peak === null ? null : (this.silentSince ?? now);
        const patience = this.heardAt === null ? NEVER_HEARD_MS : FELL_SILENT_MS;
        this.deaf ||= l.ended
            || (this.mutedSince !== null && now - this.mutedSince >= MUTED_MS)
            || (this.silentSince !== null && now - this.silentSince >= patience);
        return this.remedy;
    }

    /** The person tapped: another track is asked for. */
    reacquiring(): void {
        this.tries++;
        this.start();
    }

    /** Another track could not be had. */
    failed(): void { this.deaf = true; }

    /** Another track, or none: what was seen of the old one says nothing. */
    start(): void {
        this.heardAt = this.silentSince = this.mutedSince = null;
        this.deaf = false;
    }
}
