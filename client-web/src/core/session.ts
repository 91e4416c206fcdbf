// SPDX-License-Identifier: Apache-2.0
//
// A person's seat in a lesson: keeps signalling, media and the reducer's state together, and brings
// all three back by itself after a lost line, a reload or a server restart. No React, no document.
import { FramesLink } from './frames/link.ts';
import type { Sound } from './frames/sound.ts';
import { Hold } from './hold.ts';
import { emptyLesson, lessonReducer, type LessonEvent, type LessonState } from './lesson.ts';
import type { LinkReport } from './link.ts';
import { sameSlots, type Line, type Source, type Surface } from './media.ts';
import { LinkMeter } from './meter.ts';
import type { SessionOptions, SessionView } from './seat.ts';
import type { ClientMessage, ServerMessage } from './protocol.gen.ts';
import { browserWorld, Signalling, type SignallingWorld } from './signalling.ts';
import { MediaWays } from './ways.ts';

const HOLD_MS = 50; // an answer that comes from far is not waited for

export class LessonSession {
    private state: LessonState = emptyLesson;
    private readonly media: MediaWays;
    private readonly signalling: Signalling;
    private readonly world: SignallingWorld;
    private readonly now: () => number;
    private sending: Record<Source, boolean> = { mic: false, camera: false, screen: false };
    private report: LinkReport | null = null;
    private readonly meter: LinkMeter;
    private over = false;
    private takeOver: boolean;
    /** Drawing the room takes longer than the answer that follows `joined` needs to come: it goes first. */
    private readonly drawing: Hold;
    private restWish: boolean | null = null;
    private voiceOnly = false;

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
                lost: () => { this.media.lineLost(); this.dispatch({ type: 'line_lost' }); },
                fault: (text) => options.fault(`protocol: ${text}`),
            },
            this.world,
        );
        this.media = new MediaWays(options.plan, {
            send: (m) => this.send(m),
            line: this.signalling,
            changed: () => this.tell(),
            fault: options.fault,
        }, this.world, options.frames);
        this.meter = new LinkMeter(
            this.world,
            this.now,
            () => (this.state.phase === 'seated' ? this.media.measured : null),
            (report) => {
                this.report = report;
                this.send({ type: 'link', ...report });
                this.tell();
            },
        );
    }

    get view(): SessionView {
        const { state: link, way, lack, stalled, flows } = this.media;
        return { lesson: this.state, link, way, lack, stalled, flows, report: this.report, sources: this.sending, restWish: this.restWish, voiceOnly: this.voiceOnly };
    }

    /** What the receive line of a mid carries. */
    lineOf(mid: string): Line | null {
        return this.media.current.lineOf(mid);
    }

    /** The track a slot plays now, to be put into an audio or video element. */
    track(mid: string): MediaStreamTrack | null {
        return this.media.current.track(mid);
    }

    /** Where the pictures of a slot are drawn, if they are no track. */
    surface(mid: string): Surface | null {
        return this.media.current.surface(mid);
    }

    /** The sound of media over WebSocket; null while it comes in tracks. */
    get sound(): Sound | null {
        const { current } = this.media;
        return current instanceof FramesLink ? current.sound : null;
    }

    send(m: ClientMessage): boolean {
        return this.signalling.send(m);
    }

    /** Takes a captured track, or null to stop sending it. The caller owns and stops the track. */
    async setSource(source: Source, track: MediaStreamTrack | null): Promise<void> {
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

    /** No pictures of the others; a new connection is told again. */
    setVoiceOnly(on: boolean): void {
        this.voiceOnly = on;
        if (this.state.phase === 'seated') this.send({ type: 'pictures', want: !on });
        this.tell();
    }

    /** The page woke up or the network changed. */
    wake(): void {
        this.signalling.check();
        this.media.wake();
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
        this.drawing.release();
        this.signalling.close();
        this.media.close();
    }

    private join(): void {
        const resume = this.state.resume ?? this.options.token.read();
        this.send({
            type: 'join',
            lesson: this.options.lesson,
            take_over: this.takeOver,
            ...(resume ? { resume } : {}),
        });
        this.media.ask();
    }

    private sendState(): void {
        if (this.state.phase === 'seated') this.send({ type: 'state', ...this.sending });
    }

    private receive(m: ServerMessage): void {
        const { plan } = this.media;
        if (m.type === 'joined') this.drawing.start();
        if (m.type === 'slots') this.media.slots(m.slots); // before the state says what they carry
        this.dispatch({ type: 'message', message: m, now: this.now() });
        switch (m.type) {
            case 'welcome':
                // A seat held before means that its offer is used up: a new line takes a new one.
                if (this.state.me !== 0) this.media.fresh(this.state.plan ?? this.options.plan);
                this.join();
                break;
            case 'joined':
                this.options.token.write(m.resume);
                this.takeOver = false;
                // A connection has one offer: other slots than it had need another connection.
                if (!sameSlots(m.slots, plan)) {
                    this.signalling.restart();
                    break;
                }
                this.sendState();
                if (this.restWish !== null) this.rest(this.restWish);
                if (this.voiceOnly) this.setVoiceOnly(true);
                break;
            case 'answer':
                void this.media.answer(m.sdp);
                this.drawing.release();
                break;
            case 'layers':
                void this.media.setLayers(m.camera);
                break;
            case 'rates':
                void this.media.setRates(m);
                break;
            case 'frames':
                this.media.begin();
                this.drawing.release();
                break;
            case 'key_frame':
                this.media.keyFrame(m.source);
                break;
            case 'bad_frame':
                this.options.fault(`frame: ${m.code}`);
                break;
            case 'error':
                this.media.refused(m.re);
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
