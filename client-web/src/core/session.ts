// SPDX-License-Identifier: Apache-2.0
//
// A person's seat in a lesson: keeps signalling, media and the reducer's state together, and brings
// all three back by itself after a lost line, a reload or a server restart. No React, no document.
import { Hold } from './hold.ts';
import { emptyLesson, lessonReducer, type LessonEvent, type LessonState } from './lesson.ts';
import type { LinkReport } from './link.ts';
import { MediaLink, type Line, type LinkState, type Source } from './media.ts';
import { LinkMeter } from './meter.ts';
import type { SessionOptions, SessionView } from './seat.ts';
import type { ClientMessage, ServerMessage, SlotPlan } from './protocol.gen.ts';
import { browserWorld, Signalling, type SignallingWorld } from './signalling.ts';

const MEDIA_LOST_MS = 4_000;
const HOLD_MS = 50; // an answer that comes from far is not waited for

export class LessonSession {
    private state: LessonState = emptyLesson;
    private linkState: LinkState = 'new';
    private media: MediaLink;
    private offer: Promise<string | null>;
    private readonly signalling: Signalling;
    private readonly world: SignallingWorld;
    private readonly now: () => number;
    private tracks: Record<Source, MediaStreamTrack | null> = { mic: null, camera: null, screen: null };
    private sending: Record<Source, boolean> = { mic: false, camera: false, screen: false };
    private report: LinkReport | null = null;
    private readonly meter: LinkMeter;
    private stopLost: (() => void) | null = null;
    private over = false;
    private takeOver: boolean;
    /** Drawing the room takes longer than the answer that follows `joined` needs to come: it goes first. */
    private readonly drawing: Hold;
    /** counts connections, so that what an old one began does not go on in a new one */
    private connection = 0;
    private restWish: boolean | null = null;

    constructor(private readonly options: SessionOptions) {
        this.world = options.world ?? browserWorld;
        this.now = options.now ?? Date.now;
        this.takeOver = options.takeOver;
        this.drawing = new Hold(this.world, HOLD_MS, () => this.tell());
        // The line first: it opens while the offer is made.
        this.signalling = new Signalling(
            options.url,
            {
                open: () => undefined, // the server speaks first
                message: (m) => this.receive(m),
                lost: () => { this.connection++; this.dispatch({ type: 'line_lost' }); },
                fault: (text) => options.fault(`protocol: ${text}`),
            },
            this.world,
        );
        this.media = this.newMedia(options.plan);
        this.offer = this.trying('offer', (media) => media.offer());
        this.meter = new LinkMeter(
            this.world,
            this.now,
            () => (this.linkState === 'connected' && this.state.phase === 'seated' ? this.media.pc : null),
            (report) => {
                this.report = report;
                this.send({ type: 'link', ...report });
                this.tell();
            },
        );
    }

    get view(): SessionView {
        return { lesson: this.state, link: this.linkState, report: this.report, sources: this.sending, restWish: this.restWish };
    }

    /** What the receive line of a mid carries. */
    lineOf(mid: string): Line | null {
        return this.media.lineOf(mid);
    }

    /** The track a slot plays now, to be put into an audio or video element. */
    track(mid: string): MediaStreamTrack | null {
        return this.media.track(mid);
    }

    send(m: ClientMessage): boolean {
        return this.signalling.send(m);
    }

    /** Takes a captured track, or null to stop sending it. The caller owns and stops the track. */
    async setSource(source: Source, track: MediaStreamTrack | null): Promise<void> {
        this.tracks[source] = track;
        this.sending = { ...this.sending, [source]: track !== null };
        this.tell();
        this.sendState();
        await this.media.setTrack(source, track);
    }

    /** Rest can always be asked for: without a line the wish is kept and told when there is one. */
    rest(on: boolean): void {
        this.restWish = this.send({ type: 'rest', on }) ? null : on;
        this.tell();
    }

    /** The page woke up or the network changed. */
    wake(): void {
        this.signalling.retryNow();
    }

    leave(reason: 'left' | 'tired'): void {
        this.send({ type: 'leave', reason });
        this.options.token.write(null);
        this.dispose();
    }

    /** Closes everything without leaving the seat: a reload comes back into it. */
    dispose(): void {
        if (this.over) return;
        this.over = true;
        this.meter.stop();
        this.stopLost?.();
        this.drawing.release();
        this.signalling.close();
        this.media.close();
    }

    private newMedia(plan: SlotPlan): MediaLink {
        const link: MediaLink = new MediaLink(plan, { state: (s) => link === this.media && this.mediaState(s) });
        return link;
    }

    private join(): void {
        const resume = this.state.resume ?? this.options.token.read();
        this.send({
            type: 'join',
            lesson: this.options.lesson,
            take_over: this.takeOver,
            ...(resume ? { resume } : {}),
        });
        void this.sendOffer();
    }

    private async sendOffer(): Promise<void> {
        const connection = this.connection;
        const sdp = await this.offer;
        if (sdp !== null && !this.over && connection === this.connection) this.send({ type: 'offer', sdp });
    }

    private sendState(): void {
        if (this.state.phase === 'seated') this.send({ type: 'state', ...this.sending });
    }

    /** One offer for each connection: a new line means a new peer connection. */
    private freshMedia(plan: SlotPlan): void {
        this.media.close();
        const media = this.newMedia(plan);
        this.media = media;
        this.linkState = 'new';
        for (const source of ['mic', 'camera', 'screen'] as const) void media.setTrack(source, this.tracks[source]);
        this.offer = this.trying('offer', () => media.offer(), media);
        this.tell();
    }

    /** Null if it failed; of a connection that is closed meanwhile nobody needs to hear. */
    private async trying<T>(what: string, work: (media: MediaLink) => Promise<T>, media = this.media): Promise<T | null> {
        try {
            return await work(media);
        } catch (e) {
            if (media === this.media && !this.over) this.options.fault(`${what}: ${String(e)}`);
            return null;
        }
    }

    private receive(m: ServerMessage): void {
        const plan = this.media.plan;
        if (m.type === 'joined') this.drawing.start();
        this.dispatch({ type: 'message', message: m, now: this.now() });
        switch (m.type) {
            case 'welcome':
                // A seat held before means that its offer is used up: a new line takes a new one.
                if (this.state.me !== 0) this.freshMedia(this.state.plan ?? this.options.plan);
                this.join();
                break;
            case 'joined':
                this.options.token.write(m.resume);
                this.takeOver = false;
                // A connection has one offer: other slots than it had need another connection.
                if (m.slots.audio !== plan.audio || m.slots.video !== plan.video || m.slots.screen !== plan.screen) {
                    this.signalling.restart();
                    break;
                }
                this.sendState();
                if (this.restWish !== null) this.rest(this.restWish);
                break;
            case 'answer':
                void this.trying('answer', (media) => media.answer(m.sdp));
                this.drawing.release();
                break;
            case 'layers':
                void this.trying('layers', (media) => media.setLayers(m.camera));
                break;
            case 'closed':
                if (m.code !== 'server_restart') {
                    this.options.token.write(null);
                    this.dispose();
                }
                break;
            case 'quieted':
                this.quieted(m.mic, m.camera);
                break;
            default:
                break;
        }
    }

    private quieted(mic: boolean, camera: boolean): void {
        if (mic && this.sending.mic) void this.setSource('mic', null);
        if (camera && this.sending.camera) void this.setSource('camera', null);
    }

    private mediaState(s: LinkState): void {
        this.linkState = s;
        this.tell();
        this.stopLost?.();
        this.stopLost = null;
        // Media is dead though the line lives: take a new connection, with the seat's token.
        if (s === 'lost') this.stopLost = this.world.later(MEDIA_LOST_MS, () => this.signalling.restart());
    }

    private dispatch(e: LessonEvent): void {
        const next = lessonReducer(this.state, e);
        if (next === this.state) return;
        this.state = next;
        this.tell();
    }

    read(what: 'chat' | 'notice'): void {
        this.dispatch({ type: what === 'chat' ? 'chat_read' : 'notice_read' });
    }

    private tell(): void {
        if (!this.drawing.on && (!this.over || this.state.phase === 'closed')) this.options.changed(this.view);
    }
}
