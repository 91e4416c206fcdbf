// SPDX-License-Identifier: Apache-2.0
//
// The one RTCPeerConnection of a seat: offer once, answer once, never renegotiated. Sources are
// sendonly lines whose track is replaced; receive slots are recvonly lines found by their mid.
import { PICTURE_LEAST_BPS } from './frames/rate.ts';
import { LOOK_MS, Patience } from './patience.ts';
import type { SlotPlan } from './protocol.gen.ts';
import { withVoiceRepeats } from './sdp.ts';
import type { Way } from './way.ts';

export type Source = 'mic' | 'camera' | 'screen';
/** Kinds of receive lines. */
export type Line = 'audio' | 'video' | 'screen';
export type LinkState = 'new' | 'connecting' | 'connected' | 'lost';

export interface MediaHandlers {
    state: (s: LinkState) => void;
    /** the first check came back: UDP gets through, keys are not made yet */
    reached?: () => void;
}

/** Where pictures are drawn that are not a track. */
export interface Surface {
    id: string;
    /** Draws on this canvas until the result is called. A canvas can be given once. */
    attach: (canvas: HTMLCanvasElement) => () => void;
    /** pictures drawn so far */
    shown: () => number;
}

/** What encoders may make at most, bit/s; 0: as much as they like. */
export interface Rates { voice: number; camera: number }

/** The media of a seat, over UDP or over WebSocket. */
export interface SeatMedia {
    readonly way: Way;
    readonly plan: SlotPlan;
    readonly stats: Pick<RTCPeerConnection, 'getStats'>;
    setTrack: (source: Source, track: MediaStreamTrack | null) => Promise<void>;
    /** Sends these layers of the camera and no others: bit 0 for the lowest. */
    setLayers: (mask: number) => Promise<void>;
    setRates: (most: Rates) => Promise<void>;
    /** The track that a receive slot plays, by its mid; null if there is none (yet). */
    track: (mid: string) => MediaStreamTrack | null;
    surface: (mid: string) => Surface | null;
    lineOf: (mid: string) => Line | null;
    close: () => void;
}

export const sameSlots = (a: SlotPlan, b: SlotPlan): boolean => a.audio === b.audio && a.video === b.video && a.screen === b.screen;

const SOURCES = 3; // microphone, camera, screen
/** The camera's layers, lowest first (simulcast); only the highest is sent until the server asks for others. */
const CAMERA_LAYERS: RTCRtpEncodingParameters[] = [
    { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 150_000, active: false },
    { rid: 'f', maxBitrate: 700_000 },
];
const HIGHEST_LAYER = 1 << (CAMERA_LAYERS.length - 1);
const SCREEN_BITRATE = 1_500_000;

export class MediaLink implements SeatMedia {
    readonly way = 'udp';
    readonly pc: RTCPeerConnection;
    private layers = HIGHEST_LAYER;
    private most: Rates = { voice: 0, camera: 0 };
    private tuned: Promise<unknown> = Promise.resolve(); // parameters are set one after another
    private readonly senders: Record<Source, RTCRtpSender>;
    private readonly patience = new Patience();
    private readonly listening = setInterval(() => void this.listen(), LOOK_MS);

    constructor(
        readonly plan: SlotPlan,
        private readonly handlers: MediaHandlers,
    ) {
        // No iceServers: the server is ICE-lite on a public address, no third party is ever asked.
        this.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
        this.senders = {
            mic: this.pc.addTransceiver('audio', { direction: 'sendonly' }).sender,
            camera: this.pc.addTransceiver('video', {
                direction: 'sendonly',
                sendEncodings: CAMERA_LAYERS,
            }).sender,
            screen: this.pc.addTransceiver('video', {
                direction: 'sendonly',
                sendEncodings: [{ maxBitrate: SCREEN_BITRATE }],
            }).sender,
        };
        for (let i = 0; i < plan.audio; i++) this.pc.addTransceiver('audio', { direction: 'recvonly' });
        for (let i = 0; i < plan.video + plan.screen; i++) this.pc.addTransceiver('video', { direction: 'recvonly' });
        for (const t of this.pc.getTransceivers()) keepOurCodecs(t);
        this.pc.oniceconnectionstatechange = () => { if (this.pc.iceConnectionState === 'connected') this.handlers.reached?.(); };
        this.pc.onconnectionstatechange = () => this.handlers.state(linkState(this.pc.connectionState));
    }

    /** The offer's text. Candidates are not waited for: the server learns the address from the checks. */
    async offer(): Promise<string> {
        const { sdp = '' } = await this.pc.createOffer();
        await this.pc.setLocalDescription({ type: 'offer', sdp: withVoiceRepeats(sdp) });
        return this.pc.localDescription?.sdp ?? '';
    }

    async answer(sdp: string): Promise<void> {
        await this.pc.setRemoteDescription({ type: 'answer', sdp });
        if (this.most.voice > 0) await this.tuneVoice();
        await this.tuneCamera(); // an answer that takes all layers makes Chromium send all
    }

    /** Puts a track on its line, or takes it off. Allowed at any time, also before the answer. */
    async setTrack(source: Source, track: MediaStreamTrack | null): Promise<void> {
        if (this.pc.signalingState !== 'closed') await this.senders[source].replaceTrack(track);
    }

    async setLayers(mask: number): Promise<void> {
        this.layers = mask;
        await this.tuneCamera();
    }

    async setRates(most: Rates): Promise<void> {
        this.most = most;
        await Promise.all([this.tuneVoice(), this.tuneCamera()]);
    }

    private tuneCamera(): Promise<void> {
        return this.tune(this.senders.camera, (e, i) => {
            const own = CAMERA_LAYERS[i]?.maxBitrate ?? Infinity;
            const { camera } = this.most;
            e.active = (this.layers & (1 << i)) !== 0 && (camera === 0 || camera >= PICTURE_LEAST_BPS);
            e.maxBitrate = camera >= PICTURE_LEAST_BPS ? Math.min(own, camera) : own;
        });
    }

    private tuneVoice(): Promise<void> {
        return this.tune(this.senders.mic, (e) => {
            if (this.most.voice > 0) e.maxBitrate = this.most.voice;
            else delete e.maxBitrate;
        });
    }

    private tune(sender: RTCRtpSender, change: (e: RTCRtpEncodingParameters, at: number) => void): Promise<void> {
        const tuned = this.tuned.then(async () => {
            const p = sender.getParameters();
            p.encodings.forEach(change);
            if (p.encodings.length > 0) await sender.setParameters(p);
        });
        this.tuned = tuned.catch(() => undefined); // whoever asked hears of it
        return tuned;
    }

    /** A browser without this wish keeps its own buffer. */
    private async listen(): Promise<void> {
        const entries: Array<Record<string, unknown>> = [];
        (await this.pc.getStats()).forEach((e: Record<string, unknown>) => entries.push(e));
        if (!this.patience.look(performance.now(), entries)) return;
        const { waitMs } = this.patience;
        for (const { receiver } of this.pc.getTransceivers())
            if (receiver.track.kind === 'audio') receiver.jitterBufferTarget = waitMs > 0 ? waitMs : null;
    }

    get stats(): RTCPeerConnection { return this.pc; }

    surface(): null { return null; } // every picture is a track

    /** The track that a receive slot plays, by its mid; null before the answer. */
    track(mid: string): MediaStreamTrack | null {
        return (
            this.pc.getTransceivers().find((t) => t.mid === mid && t.direction === 'recvonly')?.receiver.track ?? null
        );
    }

    /** Receive lines stand behind the three sources: audio, then video, then the screen. */
    lineOf(mid: string): Line | null {
        const at = this.pc.getTransceivers().findIndex((t) => t.mid === mid) - SOURCES;
        if (at < 0) return null;
        if (at < this.plan.audio) return 'audio';
        return at < this.plan.audio + this.plan.video ? 'video' : 'screen';
    }

    close(): void {
        clearInterval(this.listening);
        this.pc.onconnectionstatechange = this.pc.oniceconnectionstatechange = null;
        this.pc.close();
    }
}

const OURS = /^(audio\/opus|video\/VP8|video\/rtx)$/i;

/** Offers only what the server uses: a seminar's twelve lines with every codec would be over its limit. */
function keepOurCodecs(t: RTCRtpTransceiver): void {
    const kind = t.receiver.track.kind;
    const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs.filter((c) => OURS.test(c.mimeType)) ?? [];
    if (codecs.length > 0) t.setCodecPreferences(codecs);
}

export function linkState(s: RTCPeerConnectionState): LinkState {
    switch (s) {
        case 'new':
            return 'new';
        case 'connecting':
            return 'connecting';
        case 'connected':
            return 'connected';
        default:
            return 'lost';
    }
}
