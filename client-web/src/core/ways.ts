// SPDX-License-Identifier: Apache-2.0
//
// The media of a seat, whichever way it takes: over UDP where that gets through, over the WebSocket where
// it does not, and back. The seat's connection stays the same; only the leg behind it is replaced.
import type { Lack } from './frames/features.ts';
import type { FramesLink } from './frames/link.ts';
import { MediaLink, type LinkState, type MediaHandlers, type SeatMedia, type Source } from './media.ts';
import type { ClientMessage, Slot, SlotPlan } from './protocol.gen.ts';
import type { SignallingWorld } from './signalling.ts';
import { lookPause, UDP_MS, type Way, type WayMemory } from './way.ts';

const MEDIA_LOST_MS = 4_000;
const CHANGE_MS = 1_500; // lost for so long while the line lives: the line takes the media
const SOON_MS = 1_000;

/** Media over WebSocket, where the browser can do it. */
export interface FramesWorld {
    /** false: not on this line, or not in this browser */
    possible: () => boolean;
    /** what is missing for it */
    lack: () => Lack | null;
    make: (plan: SlotPlan, handlers: MediaHandlers) => FramesLink;
    memory: WayMemory;
    /** whether UDP gets through now, on a connection of its own */
    udpOpen: () => Promise<boolean>;
}

export interface WaysOwner {
    send: (m: ClientMessage) => boolean;
    /** the line has answered lately: media may take it */
    lineLives: () => boolean;
    /** another line, with the seat's token */
    restart: () => void;
    changed: () => void;
    fault: (what: string) => void;
}

export class MediaWays {
    state: LinkState = 'new';
    way: Way;
    private media: MediaLink | FramesLink;
    private offer: Promise<string | null> | null = null;
    /** what the slots that were told last belong to */
    private shown: SeatMedia;
    private readonly tracks: Record<Source, MediaStreamTrack | null> = { mic: null, camera: null, screen: null };
    private stopTimer: (() => void) | null = null;
    private stopLook: (() => void) | null = null;
    private looks = 0;
    private looking = false;
    /** UDP does not get through and the browser can do nothing else */
    private stuck = false;
    private closed = false;
    private turn = 0; // counts connections of the seat
    constructor(plan: SlotPlan, private readonly owner: WaysOwner, private readonly world: SignallingWorld, private readonly frames?: FramesWorld) {
        this.way = frames?.memory.read() ?? 'udp';
        this.media = this.shown = this.make(plan);
    }

    get lack(): Lack | null {
        if (this.stuck) return 'nothing_works';
        return this.way === 'frames' ? (this.frames?.lack() ?? null) : null;
    }

    get plan(): SlotPlan { return this.media.plan; }
    get current(): SeatMedia { return this.shown; }
    /** to be measured: only what is connected */
    get measured(): SeatMedia['stats'] | null { return this.state === 'connected' ? this.media.stats : null; }

    async setTrack(source: Source, track: MediaStreamTrack | null): Promise<void> {
        this.tracks[source] = track;
        await this.media.setTrack(source, track);
    }

    /** Behind `join`: asks for media. */
    ask(): void {
        if (this.media.way === 'frames') this.owner.send({ type: 'frames' });
        else void this.sendOffer();
    }

    /** The line is gone: what waits for it is not sent on the next one. */
    lineLost(): void { this.turn++; }

    /** A new line takes new media. */
    fresh(plan: SlotPlan): void {
        this.replace(plan);
        this.shown = this.media;
    }

    /** Which layers of the camera are to be sent; over WebSocket there is one. */
    async setLayers(mask: number): Promise<void> {
        const { media } = this;
        if (media instanceof MediaLink) await this.trying('layers', media, media.setLayers(mask));
    }

    async answer(sdp: string): Promise<void> {
        const { media } = this;
        if (!(media instanceof MediaLink)) return; // of an offer that has been given up
        if (!await this.trying('answer', media, media.answer(sdp).then(() => true))) return;
        if (media === this.media && this.state !== 'connected' && this.frames) this.after(UDP_MS, () => { this.toFrames(); });
    }

    /** The server has said `frames`. */
    begin(): void {
        if (this.media.way === 'frames') this.media.begin();
    }

    slots(slots: readonly Slot[]): void {
        this.showNew();
        if (this.media.way === 'frames') this.media.slots(slots);
    }

    keyFrame(source: Source): void {
        if (this.media.way === 'frames') this.media.keyFrame(source);
    }

    /** The server refused what was asked for by this message. */
    refused(re: string): void {
        if (re === 'frames') this.owner.restart();
        else if (re === 'offer' && this.looks > 0) this.toFrames();
    }

    /** The page woke up or the network changed: UDP may be open now. */
    wake(): void {
        if (this.way !== 'frames' || this.looking) return;
        this.looks = 0;
        this.lookIn(SOON_MS);
    }

    close(): void {
        this.closed = true;
        this.stopTimer?.();
        this.stopLook?.();
        if (this.shown !== this.media) this.shown.close();
        this.media.close();
    }

    private make(plan: SlotPlan): MediaLink | FramesLink {
        const handlers: MediaHandlers = { state: (s) => { if (link === this.media) this.become(s); } };
        const { frames } = this;
        const link = this.way === 'frames' && frames?.possible() ? frames.make(plan, handlers) : new MediaLink(plan, handlers);
        this.way = link.way;
        this.offer = link instanceof MediaLink ? this.trying('offer', link, link.offer()) : null;
        return link;
    }

    /** What is shown stays until the slots of the new one are told. */
    private replace(plan: SlotPlan): void {
        this.stopTimer?.();
        this.stopTimer = null;
        if (this.shown !== this.media) this.shown.close();
        this.shown = this.media;
        this.media.close();
        this.state = 'new';
        this.media = this.make(plan);
        for (const source of ['mic', 'camera', 'screen'] as const) void this.media.setTrack(source, this.tracks[source]);
        this.owner.changed();
    }

    private showNew(): void {
        if (this.shown === this.media) return;
        this.shown.close();
        this.shown = this.media;
    }

    private toFrames(): void {
        if (!this.frames || this.closed) return;
        this.stuck = !this.frames.possible();
        this.owner.changed();
        if (this.stuck) return;
        this.way = 'frames';
        this.frames.memory.write('frames');
        this.replace(this.media.plan);
        this.ask();
    }

    private toUdp(): void {
        this.way = 'udp';
        this.replace(this.media.plan);
        this.ask();
    }

    private become(s: LinkState): void {
        const before = this.state;
        this.state = s;
        if (s === 'connected' || s === 'lost') this.stopTimer?.();
        if (s === 'connected') this.connected();
        // Media is dead though the line lives.
        if (s === 'lost' && this.way === 'udp' && before !== 'connected' && before !== 'lost' && this.frames?.possible()) this.toFrames();
        else if (s === 'lost') this.lost();
        this.owner.changed();
    }

    /** Dead while the line lives: the line takes it, where that is possible. Else another line. */
    private lost(): void {
        const byLine = (): boolean => this.way === 'udp' && this.frames?.possible() === true && this.owner.lineLives();
        this.after(CHANGE_MS, () => {
            if (byLine()) this.toFrames();
            else this.after(MEDIA_LOST_MS - CHANGE_MS, () => { if (byLine()) this.toFrames(); else this.owner.restart(); });
        });
    }

    private connected(): void {
        if (this.way === 'frames') {
            this.lookIn(lookPause(this.looks, this.world.random));
            return;
        }
        this.stuck = false;
        this.looks = 0;
        this.stopLook?.();
        this.frames?.memory.write('udp');
    }

    private lookIn(ms: number): void {
        this.stopLook?.();
        this.stopLook = this.world.later(ms, () => { void this.look(); });
    }

    /** Whether UDP has opened meanwhile; asked ever more seldom. */
    private async look(): Promise<void> {
        if (!this.frames || this.looking) return;
        this.looking = true;
        const open = await this.frames.udpOpen();
        this.looking = false;
        if (this.closed || this.way !== 'frames') return;
        this.looks++;
        if (open && this.state === 'connected') this.toUdp();
        else this.lookIn(lookPause(this.looks, this.world.random));
    }

    private after(ms: number, run: () => void): void {
        this.stopTimer?.();
        this.stopTimer = this.world.later(ms, run);
    }

    private async sendOffer(): Promise<void> {
        const { turn, media } = this;
        const sdp = await this.offer;
        if (sdp !== null && !this.closed && turn === this.turn && media === this.media) this.owner.send({ type: 'offer', sdp });
    }

    /** Null if it failed; of a connection that is closed meanwhile nobody needs to hear. */
    private async trying<T>(what: string, media: MediaLink, work: Promise<T>): Promise<T | null> {
        try {
            return await work;
        } catch (e) {
            if (media === this.media && !this.closed) this.owner.fault(`${what}: ${String(e)}`);
            return null;
        }
    }
}
