// SPDX-License-Identifier: Apache-2.0
//
// The media of a seat, whichever way it takes: over UDP where that gets through, over the WebSocket where
// it does not, and back. The seat's connection stays the same; only the leg behind it is replaced.
import { FlowWatch } from './flow.ts';
import type { Lack } from './frames/features.ts';
import { Links, type Link } from './links.ts';
import { UdpLook } from './look.ts';
import { MediaLink, sameSlots, type LinkState, type Rates, type SeatMedia, type Source } from './media.ts';
import type { Slot, SlotPlan } from './protocol.gen.ts';
import { Race } from './race.ts';
import type { FramesWorld, WaysOwner } from './seat.ts';
import type { SignallingWorld } from './signalling.ts';
import type { Way } from './way.ts';

const MEDIA_LOST_MS = 4_000;
const CHANGE_MS = 1_500; // lost for so long while the line lives: the line takes the media
const STUCK_MS = 4_000;

export class MediaWays {
    state: LinkState = 'new';
    way: Way;
    private media: Link;
    private readonly links: Links;
    private offer: Promise<string | null> | null = null;
    /** what the slots that were told last belong to */
    private shown: SeatMedia;
    private readonly tracks: Record<Source, MediaStreamTrack | null> = { mic: null, camera: null, screen: null };
    private readonly look: UdpLook;
    private readonly watch: FlowWatch;
    private readonly race: Race;
    /** what goes by UDP now has gone by the line before */
    private again = false;
    /** UDP does not get through and the browser can do nothing else */
    private stuck = false;
    private closed = false;
    private turn = 0; // counts connections of the seat
    constructor(plan: SlotPlan, private readonly owner: WaysOwner, private readonly world: SignallingWorld, private readonly frames?: FramesWorld) {
        this.way = frames?.memory.read() ?? 'udp';
        this.look = new UdpLook(world, () => frames?.udpOpen() ?? Promise.resolve(false), (open) => { this.looked(open); }, this.way === 'frames');
        this.race = new Race(world, { look: () => { this.look.now(); }, ready: () => { this.links.makeSpare(this.media.plan); }, lost: () => { this.toFrames(); } });
        this.watch = new FlowWatch(world, {
            line: owner.line,
            media: () => (this.state === 'connected' ? { udp: this.way === 'udp' ? this.media.stats : null } : null),
            dead: (suspected) => { this.dead(suspected); },
            slept: () => { this.wake(); },
            changed: owner.changed,
        });
        this.links = new Links(frames, {
            state: (link, s) => { if (link === this.media) this.become(s); },
            reached: (link) => { if (link === this.media) this.race.reached(); },
        });
        this.media = this.shown = this.make(plan);
    }

    get lack(): Lack | null { return this.stuck ? 'nothing_works' : this.way === 'frames' ? (this.frames?.lack() ?? null) : null; }

    get stalled(): boolean { return this.watch.stalled; }
    get plan(): SlotPlan { return this.media.plan; }
    get current(): SeatMedia { return this.shown; }
    /** media comes, whatever the line does */
    get flows(): boolean { return this.state === 'connected' && this.watch.flow.comes; }
    /** to be measured: only what is connected */
    get measured(): SeatMedia['stats'] | null { return this.state === 'connected' ? this.media.stats : null; }

    async setTrack(source: Source, track: MediaStreamTrack | null): Promise<void> {
        this.tracks[source] = track;
        await this.media.setTrack(source, track);
    }

    /** Behind `join`. */
    ask(): void {
        if (this.media.way === 'frames') this.owner.send({ type: 'frames' });
        else void this.sendOffer();
        if (this.media.way === 'udp' && this.frames) this.race.begin();
    }

    /** The line is gone: what waits for it is not sent on the next one. */
    lineLost(): void {
        this.turn++;
        this.race.end();
    }

    /** A new line takes new media; what goes over the line itself begins again on it. */
    fresh(plan: SlotPlan): void {
        this.links.dropSpare();
        if (this.media.way !== 'frames' || this.shown !== this.media || !sameSlots(plan, this.media.plan)) this.replace(plan);
        else this.media.again();
        this.shown = this.media;
        this.state = 'new';
        this.owner.changed();
    }

    /** Which layers of the camera are to be sent. */
    setLayers(mask: number): Promise<unknown> { return this.trying('layers', this.media, this.media.setLayers(mask)); }

    /** The other person's link takes no more, or takes all again. */
    setRates(most: Rates): Promise<unknown> { return this.trying('rates', this.media, this.media.setRates(most)); }

    async answer(sdp: string): Promise<void> {
        const { media } = this;
        if (!(media instanceof MediaLink)) return; // of an offer that has been given up
        if (!await this.trying('answer', media, media.answer(sdp).then(() => true))) return;
        if (media === this.media && this.state !== 'connected' && this.frames) this.race.answered(this.owner.line.rttMs);
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
        if (re === 'frames') this.owner.line.restart();
        else if (re === 'offer' && this.again) this.toFrames();
    }

    /** The page woke up or the network changed: UDP may be open now, or dead. */
    wake(): void {
        this.watch.flow.suspect(this.world.now());
        if (this.way === 'frames') this.look.soon();
    }

    close(): void {
        this.closed = true;
        this.watch.stop();
        this.race.end();
        this.look.end();
        this.links.dropSpare();
        if (this.shown !== this.media) this.shown.close();
        this.media.close();
    }

    private make(plan: SlotPlan): Link {
        const link = this.links.make(this.way, plan);
        this.way = link.way;
        this.offer = link instanceof MediaLink ? this.trying('offer', link, link.offer()) : null;
        return link;
    }

    /** What is shown stays until the slots of the new one are told. */
    private replace(plan: SlotPlan): void {
        this.race.end();
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

    /** `died`: UDP had worked. */
    private toFrames(died = false): void {
        if (!this.frames || this.closed) return;
        if (died) this.look.died();
        if (!this.frames.possible()) return this.race.after(STUCK_MS, () => { this.stuck = true; this.owner.changed(); });
        this.way = 'frames';
        this.frames.memory.write('frames');
        this.replace(this.media.plan);
        this.ask();
    }

    /** Another connection by UDP, from the start. */
    private toUdp(): void {
        this.way = 'udp';
        this.again = true;
        this.replace(this.media.plan);
        this.ask();
    }

    private become(s: LinkState): void {
        const before = this.state;
        this.state = s;
        if (s === 'connected' || s === 'lost') this.race.end();
        if (s === 'connected') this.connected();
        // Media is dead though the line lives.
        if (s === 'lost' && this.way === 'udp' && before !== 'connected' && before !== 'lost' && this.frames?.possible()) this.toFrames();
        else if (s === 'lost') this.lost();
        this.owner.changed();
    }

    /** Dead while the line lives: the line takes it, where that is possible. Else another line. */
    private lost(): void {
        const { line } = this.owner;
        const byLine = (): boolean => this.way === 'udp' && this.frames?.possible() === true && line.lives;
        this.race.after(CHANGE_MS, () => {
            if (byLine()) this.toFrames(true);
            else this.race.after(MEDIA_LOST_MS - CHANGE_MS, () => { if (byLine()) this.toFrames(true); else line.restart(); });
        });
    }

    private connected(): void {
        if (this.way === 'frames') {
            this.look.next();
            return;
        }
        this.stuck = this.again = false;
        this.links.dropSpare();
        this.look.anew();
        this.frames?.memory.write('udp');
    }

    /** Nothing comes by UDP though the line lives. `suspected`: the network has just changed, and another connection may do. */
    private dead(suspected: boolean): void {
        if (!this.frames?.possible()) return; // the browser itself tells it some seconds later
        if (suspected) this.toUdp();
        else this.toFrames(true);
    }

    private looked(open: boolean): void {
        if (this.closed) return;
        if (this.way === 'frames' && open && this.state === 'connected') this.toUdp();
        else if (this.way === 'frames') {
            this.frames?.memory.write('frames'); // what is remembered is as old as this look
            this.look.next();
        } else if (!open && this.state !== 'connected') this.race.foundShut();
    }

    private async sendOffer(): Promise<void> {
        const { turn, media } = this;
        const sdp = await this.offer;
        if (sdp !== null && !this.closed && turn === this.turn && media === this.media) this.owner.send({ type: 'offer', sdp });
    }

    /** Null if it failed; of a connection that is closed meanwhile nobody needs to hear. */
    private async trying<T>(what: string, media: SeatMedia, work: Promise<T>): Promise<T | null> {
        try {
            return await work;
        } catch (e) {
            if (media === this.media && !this.closed) this.owner.fault(`${what}: ${String(e)}`);
            return null;
        }
    }
}
