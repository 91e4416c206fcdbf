// SPDX-License-Identifier: Apache-2.0
//
// A person's seat in a lesson: keeps signalling, media and the reducer's state together, and brings
// all three back by itself after a lost line, a reload or a server restart. No React, no document.
import { emptyLesson, lessonReducer, type LessonEvent, type LessonState } from './lesson.ts';
import { reportOf, sampleOf, type LinkReport, type LinkSample } from './link.ts';
import { MediaLink, type Line, type LinkState, type Source } from './media.ts';
import { LIMITS, type ClientMessage, type ServerMessage, type SlotPlan } from './protocol.gen.ts';
import { browserWorld, Signalling, type SignallingWorld } from './signalling.ts';

export interface SeatToken {
    read: () => string | null;
    write: (token: string | null) => void;
}

export interface SessionOptions {
    url: string;
    lesson: number;
    /** How many people the schedule names: decides the receive slots before `joined` confirms them. */
    plan: SlotPlan;
    takeOver: boolean;
    token: SeatToken;
    changed: (s: SessionView) => void;
    /** A bug of ours, in words for the log of errors. */
    fault: (what: string) => void;
    world?: SignallingWorld;
    now?: () => number;
}

export interface SessionView {
    lesson: LessonState;
    link: LinkState;
    report: LinkReport | null;
    sources: Record<Source, boolean>;
}

const MEDIA_LOST_MS = 4_000;
const REPORT_MS = LIMITS.link_interval_ms + 500; // the server refuses reports that come too fast

export class LessonSession {
    private state: LessonState = emptyLesson;
    private linkState: LinkState = 'new';
    private media: MediaLink;
    private offer: Promise<string>;
    private readonly signalling: Signalling;
    private readonly world: SignallingWorld;
    private readonly now: () => number;
    private tracks: Record<Source, MediaStreamTrack | null> = { mic: null, camera: null, screen: null };
    private sending: Record<Source, boolean> = { mic: false, camera: false, screen: false };
    private report: LinkReport | null = null;
    private sample: LinkSample | null = null;
    private stopReport: () => void;
    private stopLost: (() => void) | null = null;
    private over = false;
    private takeOver: boolean;

    constructor(private readonly options: SessionOptions) {
        this.world = options.world ?? browserWorld;
        this.now = options.now ?? Date.now;
        this.takeOver = options.takeOver;
        this.media = this.newMedia(options.plan);
        this.offer = this.media.offer();
        this.signalling = new Signalling(
            options.url,
            {
                open: () => undefined, // the server speaks first
                message: (m) => this.receive(m),
                lost: () => this.dispatch({ type: 'line_lost' }),
                fault: (text) => options.fault(`protocol: ${text}`),
            },
            this.world,
        );
        this.stopReport = this.world.later(REPORT_MS, () => void this.measure());
    }

    get view(): SessionView {
        return { lesson: this.state, link: this.linkState, report: this.report, sources: this.sending };
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

    /** Another device holds the seat: move it here. */
    moveHere(): void {
        this.takeOver = true;
        this.join();
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
        this.stopReport();
        this.stopLost?.();
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
        const sdp = await this.offer;
        if (!this.over) this.send({ type: 'offer', sdp });
    }

    private sendState(): void {
        if (this.state.phase === 'seated') this.send({ type: 'state', ...this.sending });
    }

    /** One offer for each connection: a new line means a new peer connection. */
    private async freshMedia(plan: SlotPlan): Promise<void> {
        this.media.close();
        this.media = this.newMedia(plan);
        this.linkState = 'new';
        for (const source of ['mic', 'camera', 'screen'] as const)
            await this.media.setTrack(source, this.tracks[source]);
        this.offer = this.media.offer();
    }

    private receive(m: ServerMessage): void {
        const plan = this.media.plan;
        this.dispatch({ type: 'message', message: m, now: this.now() });
        switch (m.type) {
            case 'welcome':
                void this.welcomed();
                break;
            case 'joined':
                this.options.token.write(m.resume);
                this.takeOver = false;
                if (m.slots.audio !== plan.audio || m.slots.video !== plan.video || m.slots.screen !== plan.screen)
                    void this.freshMedia(m.slots).then(() => this.sendOffer());
                this.sendState();
                break;
            case 'answer':
                void this.media.answer(m.sdp).catch((e: unknown) => this.options.fault(`answer: ${String(e)}`));
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

    private async welcomed(): Promise<void> {
        // A seat held before means that its offer is used up: a new connection takes a new one.
        if (this.state.me !== 0) await this.freshMedia(this.state.plan ?? this.options.plan);
        this.join();
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

    private async measure(): Promise<void> {
        if (this.over) return;
        this.stopReport = this.world.later(REPORT_MS, () => void this.measure());
        if (this.linkState !== 'connected' || this.state.phase !== 'seated') return;
        const stats = await this.media.pc.getStats();
        const entries: Array<Record<string, unknown>> = [];
        stats.forEach((e: Record<string, unknown>) => entries.push(e));
        const sample = sampleOf(entries, this.now());
        if (this.sample && sample.at > this.sample.at) {
            this.report = reportOf(this.sample, sample);
            this.send({ type: 'link', ...this.report });
            this.tell();
        }
        this.sample = sample;
    }

    private dispatch(e: LessonEvent): void {
        const next = lessonReducer(this.state, e);
        if (next === this.state) return;
        this.state = next;
        this.tell();
    }

    readChat(): void {
        this.dispatch({ type: 'chat_read' });
    }

    readNotice(): void {
        this.dispatch({ type: 'notice_read' });
    }

    private tell(): void {
        if (!this.over || this.state.phase === 'closed') this.options.changed(this.view);
    }
}
