// SPDX-License-Identifier: Apache-2.0
//
// What waits to go up. Voice first, and never left out before it waited a second; pictures that waited
// 300 ms are left out, with what refers to them: up to the next key frame, or as far as their temporal
// layer goes. The same rules as the server's own queue. Pure.
import { MEDIA } from '../protocol.gen.ts';
import type { FrameKind } from './wire.ts';

export interface Waiting {
    kind: FrameKind;
    key: boolean;
    droppable: boolean;
    sync: boolean;
    layer: number;
    at: number; // ms, when it was put in
    message: Uint8Array<ArrayBuffer>;
}

interface Chain {
    needKey: boolean;
    /** highest temporal layer that is whole */
    top: number;
    hurtAt: number;
}

const REPAIR_MS = 2_000; // so long without leaving out: the upper layers again, by a key frame
const WHOLE = MEDIA.layers - 1;

export class SendQueue {
    leftOut = 0;
    private voice: Waiting[] = [];
    private pictures: Waiting[] = [];
    private readonly chains: Record<'picture' | 'screen', Chain> = {
        picture: { needKey: false, top: WHOLE, hurtAt: 0 },
        screen: { needKey: false, top: WHOLE, hurtAt: 0 },
    };

    put(f: Waiting): void {
        if (f.kind === 'voice') this.voice.push(f);
        else if (this.usable(f)) this.pictures.push(f);
        else this.leftOut++;
    }

    /** The next to go, given whether the socket may take a voice and a picture now. */
    take(now: number, mayVoice: boolean, mayPicture: boolean): Waiting | null {
        this.old(now);
        if (this.voice.length > 0) return mayVoice ? (this.voice.shift() ?? null) : null;
        return mayPicture ? (this.pictures.shift() ?? null) : null;
    }

    /** What only a key frame mends, each told once; or the link held again and the upper layers may come back. */
    wantsKey(now: number): Array<'camera' | 'screen'> {
        const out: Array<'camera' | 'screen'> = [];
        for (const kind of ['picture', 'screen'] as const) {
            const chain = this.chains[kind];
            if (!chain.needKey && !(chain.top < WHOLE && now - chain.hurtAt > REPAIR_MS)) continue;
            chain.needKey = false;
            chain.hurtAt = now;
            out.push(kind === 'picture' ? 'camera' : 'screen');
        }
        return out;
    }

    /** The source began anew: with a key frame. */
    clear(kind: 'picture' | 'screen'): void {
        this.pictures = this.pictures.filter((f) => f.kind !== kind);
        this.chains[kind] = { needKey: false, top: WHOLE, hurtAt: 0 };
    }

    get waiting(): number { return this.voice.length + this.pictures.length; }

    /** False if what it refers to was left out. A frame that mends the chain does so. */
    private usable(f: Waiting): boolean {
        const chain = this.chains[f.kind === 'screen' ? 'screen' : 'picture'];
        if (f.key) chain.top = WHOLE;
        else if (f.sync && f.layer === chain.top + 1 && chain.top >= 0) chain.top = f.layer;
        return f.layer <= chain.top;
    }

    private old(now: number): void {
        this.voice = this.voice.filter((f) => {
            const keep = now - f.at <= MEDIA.voice_late_ms;
            if (!keep) this.leftOut++;
            return keep;
        });
        if (!this.pictures.some((f) => now - f.at > MEDIA.picture_late_ms)) return;
        // A key frame that is young enough makes what lies before it needless.
        const kept: Waiting[] = [];
        for (const f of this.pictures) {
            const late = now - f.at > MEDIA.picture_late_ms;
            if (!late && this.usable(f)) kept.push(f);
            else this.miss(f, late, now);
        }
        this.pictures = kept;
    }

    private miss(f: Waiting, late: boolean, now: number): void {
        const chain = this.chains[f.kind === 'screen' ? 'screen' : 'picture'];
        this.leftOut++;
        if (!late || f.droppable || f.layer > chain.top) return;
        chain.top = f.layer - 1; // key frames are of layer 0
        chain.hurtAt = now;
        if (chain.top < 0) chain.needKey = true;
    }
}
