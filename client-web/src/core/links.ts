// SPDX-License-Identifier: Apache-2.0
//
// Makes the media of a seat for either way, and the second best one ahead of time: loading its worklets
// takes longer than anything else behind the click.
import type { FramesLink } from './frames/link.ts';
import { MediaLink, type LinkState } from './media.ts';
import type { SlotPlan } from './protocol.gen.ts';
import type { FramesWorld } from './seat.ts';
import type { Way } from './way.ts';

export type Link = MediaLink | FramesLink;

export interface LinksOwner {
    state: (link: Link, s: LinkState) => void;
    reached: (link: Link) => void;
}

export class Links {
    private spare: FramesLink | null = null;

    constructor(private readonly frames: FramesWorld | undefined, private readonly owner: LinksOwner) {}

    make(way: Way, plan: SlotPlan): Link {
        const { frames, spare } = this;
        if (way === 'frames' && frames?.possible()) {
            this.spare = null;
            return spare ?? this.makeFrames(frames, plan);
        }
        this.dropSpare();
        const link: MediaLink = new MediaLink(plan, { state: (s) => { this.owner.state(link, s); }, reached: () => { this.owner.reached(link); } });
        return link;
    }

    makeSpare(plan: SlotPlan): void {
        if (this.frames?.possible()) this.spare ??= this.makeFrames(this.frames, plan);
    }

    dropSpare(): void {
        this.spare?.close();
        this.spare = null;
    }

    private makeFrames(frames: FramesWorld, plan: SlotPlan): FramesLink {
        const link: FramesLink = frames.make(plan, { state: (s) => { this.owner.state(link, s); } });
        return link;
    }
}
