// SPDX-License-Identifier: Apache-2.0
//
// A browser for the core: a clock that is moved by hand, sockets that are opened, fed and lost by hand,
// and peer connections that remember what was done to them.
import type { MediaHandlers, Rates } from '../../src/core/media.ts';
import type { ServerMessage, SlotPlan } from '../../src/core/protocol.gen.ts';
import type { SignallingWorld, SocketLike } from '../../src/core/signalling.ts';

export class FakeSocket {
    readyState = 0;
    sent: Array<{ type: string } & Record<string, unknown>> = [];
    onopen: (() => void) | null = null;
    onmessage: ((e: { data: unknown }) => void) | null = null;
    onclose: (() => void) | null = null;
    onerror: (() => void) | null = null;

    constructor(readonly url: string, readonly protocol: string) {}
    send(text: string): void { this.sent.push(JSON.parse(text) as FakeSocket['sent'][number]); }
    close(): void { this.readyState = 3; }
    open(): void { this.readyState = 1; this.onopen?.(); }
    hear(m: ServerMessage): void { this.onmessage?.({ data: JSON.stringify(m) }); }
    die(): void { this.readyState = 3; this.onclose?.(); }
    /** types of what was sent, without pings */
    get types(): string[] { return this.said.map((m) => m.type); }
    get said(): FakeSocket['sent'] { return this.sent.filter((m) => m.type !== 'ping'); }
}

export class FakeWorld implements SignallingWorld {
    ms = 0;
    now = (): number => this.ms;
    sockets: FakeSocket[] = [];
    private timers: Array<{ at: number; run: () => void }> = [];

    connect = (url: string, protocol: string): SocketLike => {
        const socket = new FakeSocket(url, protocol);
        this.sockets.push(socket);
        return socket;
    };
    later = (ms: number, run: () => void): (() => void) => {
        const timer = { at: this.ms + ms, run };
        this.timers.push(timer);
        return () => { this.timers = this.timers.filter((t) => t !== timer); };
    };
    random = (): number => 1;

    /** Lets time pass; what is due runs in its order, at its time. */
    pass(ms: number): void {
        const end = this.ms + ms;
        for (;;) {
            const due = this.timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
            if (!due) break;
            this.timers = this.timers.filter((t) => t !== due);
            this.ms = due.at;
            due.run();
        }
        this.ms = end;
    }
    get waiting(): number { return this.timers.length; }
    get last(): FakeSocket {
        const socket = this.sockets.at(-1);
        if (!socket) throw new Error('no socket');
        return socket;
    }
}

/** Lets promises that are ready go on. */
export const settle = async (): Promise<void> => { for (let i = 0; i < 10; i++) await Promise.resolve(); };

class FakeTransceiver {
    mid: string | null = null;
    encodings: RTCRtpEncodingParameters[];
    sender = {
        track: null as unknown,
        replaceTrack: (t: unknown) => { this.sender.track = t; return Promise.resolve(); },
        getParameters: () => ({ transactionId: String(this.turn), encodings: this.encodings.map((e) => ({ ...e })) }),
        /** As browsers do: what was read before the last change is refused. */
        setParameters: async (p: { transactionId: string; encodings: RTCRtpEncodingParameters[] }) => {
            if (p.transactionId !== String(this.turn)) throw new Error('stale parameters');
            await Promise.resolve();
            this.turn++;
            this.encodings = p.encodings;
        },
    };
    receiver: { track: { kind: string } };
    codecs: string[] = [];
    private turn = 0;
    constructor(readonly kind: string, readonly direction: string, encodings: RTCRtpEncodingParameters[] = [{}]) {
        this.receiver = { track: { kind } };
        this.encodings = encodings;
    }
    setCodecPreferences(codecs: Array<{ mimeType: string }>): void { this.codecs = codecs.map((c) => c.mimeType); }
}

/** What the browser could receive. */
export const FakeReceiver = {
    getCapabilities: (kind: string) => ({ codecs: (kind === 'audio' ? ['audio/opus', 'audio/PCMU'] : ['video/VP8', 'video/rtx', 'video/H264']).map((mimeType) => ({ mimeType })) }),
};

export class FakePeer {
    static all: FakePeer[] = [];
    connectionState = 'new';
    iceConnectionState = 'new';
    signalingState = 'stable';
    localDescription: { sdp: string } | null = null;
    answers: string[] = [];
    stats: Array<Record<string, unknown>> = [];
    onconnectionstatechange: (() => void) | null = null;
    oniceconnectionstatechange: (() => void) | null = null;
    private transceivers: FakeTransceiver[] = [];

    constructor() { FakePeer.all.push(this); }
    static get last(): FakePeer {
        const peer = FakePeer.all.at(-1);
        if (!peer) throw new Error('no peer connection');
        return peer;
    }
    addTransceiver(kind: string, init: { direction: string; sendEncodings?: RTCRtpEncodingParameters[] }): FakeTransceiver {
        const t = new FakeTransceiver(kind, init.direction, init.sendEncodings);
        this.transceivers.push(t);
        return t;
    }
    getTransceivers(): FakeTransceiver[] { return this.transceivers; }
    /** Of the microphone, which is the first line. */
    get voiceMost(): number | undefined { return this.transceivers[0]?.encodings[0]?.maxBitrate; }
    get cameraOn(): Array<boolean | undefined> | undefined { return this.transceivers[1]?.encodings.map((e) => e.active); }
    get cameraMost(): Array<number | undefined> | undefined { return this.transceivers[1]?.encodings.map((e) => e.maxBitrate); }
    createOffer(): Promise<{ sdp: string }> {
        if (this.signalingState === 'closed') return Promise.reject(new Error('closed'));
        return Promise.resolve({ sdp: `offer ${FakePeer.all.indexOf(this)}` });
    }
    setLocalDescription(d: { sdp: string }): Promise<void> {
        this.localDescription = d;
        this.transceivers.forEach((t, i) => { t.mid = String(i); });
        return Promise.resolve();
    }
    setRemoteDescription(d: { sdp: string }): Promise<void> {
        for (const x of this.transceivers) x.encodings = x.encodings.map((e) => ({ ...e, active: true })); // as Chromium does
        if (this.signalingState === 'closed') return Promise.reject(new Error('closed'));
        if (d.sdp === 'bad') return Promise.reject(new Error('bad answer'));
        this.answers.push(d.sdp);
        return Promise.resolve();
    }
    getStats(): Promise<Array<Record<string, unknown>>> { return Promise.resolve(this.stats); }
    close(): void { this.signalingState = 'closed'; this.connectionState = 'closed'; }
    /** The first check came back. */
    reach(): void { this.iceConnectionState = 'connected'; this.oniceconnectionstatechange?.(); }
    become(state: string): void { this.connectionState = state; this.onconnectionstatechange?.(); }
}

/** Media over WebSocket that notes what it is told. */
export class FakeFrames {
    readonly way = 'frames';
    readonly stats = { getStats: () => Promise.resolve([]) };
    did: string[] = [];
    constructor(readonly plan: SlotPlan, private readonly handlers: MediaHandlers) {}
    begin(): void { this.did.push('begin'); this.handlers.state('connected'); }
    again(): void { this.did.push('again'); }
    slots(s: unknown[]): void { this.did.push(`slots ${s.length}`); }
    keyFrame(source: string): void { this.did.push(`key ${source}`); }
    setTrack(source: string, track: unknown): Promise<void> { if (track) this.did.push(source); return Promise.resolve(); }
    setLayers(): Promise<void> { return Promise.resolve(); }
    setRates({ voice, camera }: Rates): Promise<void> { this.did.push(`rates ${voice} ${camera}`); return Promise.resolve(); }
    track(): null { return null; }
    surface(): null { return null; }
    lineOf(): 'video' { return 'video'; }
    close(): void { this.did.push('close'); }
}
