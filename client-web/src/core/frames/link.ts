// SPDX-License-Identifier: Apache-2.0
//
// The media of a seat over WebSocket, with the same face as a peer connection's. The page only ties ends
// together: captured tracks, the sound, canvases; encoding, sending and drawing happen in the worker.
import type { Line, LinkState, MediaHandlers, Rates, SeatMedia, Source, Surface } from '../media.ts';
import type { Slot, SlotPlan } from '../protocol.gen.ts';
import type { Abilities } from './features.ts';
import { offerOf } from './features.ts';
import type { LineWorker } from './line.ts';
import { Sound } from './sound.ts';

/** Hands each picture of a track to `take` until the result is called: where the browser has no stream of them. */
export type TakeFrames = (track: MediaStreamTrack, take: (frame: VideoFrame) => void) => () => void;

interface Processor { readable: ReadableStream<VideoFrame> }
type WithProcessor = typeof globalThis & { MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack; maxBufferSize: number }) => Processor };

export class FramesLink implements SeatMedia {
    readonly way = 'frames';
    readonly sound: Sound;
    private state: LinkState = 'connecting';
    private readonly tracks: Record<Source, MediaStreamTrack | null> = { mic: null, camera: null, screen: null };
    private readonly stops = new Map<Source, () => void>();
    private readonly canvases = new Map<number, HTMLCanvasElement>();
    private closed = false;

    constructor(
        private readonly line: LineWorker,
        readonly plan: SlotPlan,
        private readonly handlers: MediaHandlers,
        private readonly able: () => Abilities,
        private readonly takeFrames: TakeFrames,
    ) {
        this.sound = new Sound(line, (why) => { this.line.onbroken?.('sound', why); });
    }

    /** The server has said `frames`. */
    begin(): void {
        this.line.stats = null;
        this.line.post({ type: 'media', line: this.line.line, plan: this.plan });
        this.become('connected');
    }

    /** Another line takes over: sound card, canvases and captured tracks stay as they are. */
    again(): void {
        this.line.post({ type: 'media_end' });
        this.state = 'connecting';
    }

    slots(slots: readonly Slot[]): void {
        const members = Array.from({ length: this.count }, (_, i) => slots.find((s) => Number(s.mid) === i)?.member ?? 0);
        this.line.post({ type: 'members', members });
    }

    keyFrame(source: Source): void { this.line.post({ type: 'key', source }); }

    async setTrack(source: Source, track: MediaStreamTrack | null): Promise<void> {
        if (this.closed || this.tracks[source] === track) return;
        this.tracks[source] = track;
        this.stops.get(source)?.();
        this.stops.delete(source);
        const may = offerOf(this.able());
        if (source === 'mic') await this.sound.setMic(may.speak ? track : null);
        else if (track && may.show) this.takePictures(source, track);
    }

    setLayers(): Promise<void> { return Promise.resolve(); } // there is one

    setRates({ voice, camera }: Rates): Promise<void> {
        this.line.post({ type: 'most', most: { voice, camera } });
        return Promise.resolve();
    }

    track(): MediaStreamTrack | null { return null; } // voices go straight to the sound card

    surface(mid: string): Surface | null {
        const slot = Number(mid);
        const line = this.lineOf(mid);
        if (line === null || line === 'audio' || !offerOf(this.able()).see) return null;
        return {
            id: `frames ${slot}`,
            attach: (canvas) => this.attach(slot, canvas),
            shown: () => this.line.stats?.shown[slot] ?? 0,
        };
    }

    lineOf(mid: string): Line | null {
        const slot = /^\d+$/.test(mid) ? Number(mid) : -1;
        if (slot < 0 || slot >= this.count) return null;
        if (slot < this.plan.audio) return 'audio';
        return slot < this.plan.audio + this.plan.video ? 'video' : 'screen';
    }

    /** In the shape of a peer connection's statistics. */
    stats = {
        getStats: (): Promise<RTCStatsReport> => {
            const s = this.line.stats;
            const entries: Array<Record<string, unknown>> = s ? [
                { type: 'outbound-rtp', bytesSent: s.bytesUp },
                { type: 'inbound-rtp', bytesReceived: s.bytesDown, packetsReceived: s.framesDown, packetsLost: s.lostDown },
                { type: 'candidate-pair', nominated: true, currentRoundTripTime: s.rttMs / 1000 },
            ] : [];
            return Promise.resolve(new Map(entries.map((e, i) => [String(i), e])) as unknown as RTCStatsReport);
        },
    };

    close(): void {
        if (this.closed) return;
        this.closed = true;
        for (const stop of this.stops.values()) stop();
        this.stops.clear();
        for (const slot of this.canvases.keys()) this.line.post({ type: 'no_canvas', slot });
        this.line.post({ type: 'media_end' });
        this.sound.close();
    }

    private get count(): number { return this.plan.audio + this.plan.video + this.plan.screen; }

    private become(s: LinkState): void {
        if (this.closed || s === this.state) return;
        this.state = s;
        this.handlers.state(s);
    }

    private attach(slot: number, canvas: HTMLCanvasElement): () => void {
        const surface = canvas.transferControlToOffscreen();
        this.canvases.set(slot, canvas);
        this.line.post({ type: 'canvas', slot, canvas: surface }, [surface]);
        return () => {
            if (this.canvases.get(slot) !== canvas) return; // another one has taken its place
            this.canvases.delete(slot);
            if (!this.closed) this.line.post({ type: 'no_canvas', slot });
        };
    }

    private takePictures(source: 'camera' | 'screen', track: MediaStreamTrack): void {
        const { MediaStreamTrackProcessor: Stream } = globalThis as WithProcessor;
        let stop = (): void => undefined;
        if (Stream) {
            const stream = new Stream({ track, maxBufferSize: 1 }).readable;
            this.line.post({ type: 'pictures', source, stream }, [stream]);
        } else {
            stop = this.takeFrames(track, (frame) => { this.line.post({ type: 'picture', source, frame }, [frame]); });
        }
        this.stops.set(source, () => {
            stop();
            this.line.post({ type: 'pictures_end', source });
        });
    }
}
