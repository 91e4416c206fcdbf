// SPDX-License-Identifier: Apache-2.0
//
// One signalling connection that keeps itself alive: connects, watches for silence, comes back with
// a jittered pause. Knows no lesson and no page; hands parsed messages on.
import { encodeClient, LIMITS, parseServer, PROTOCOL, type ClientMessage, type ServerMessage } from './protocol.gen.ts';

export interface SignallingHandlers {
    open: () => void;
    message: (m: ServerMessage) => void;
    /** The connection is gone; another try follows unless close() was called. */
    lost: () => void;
    /** A message that does not follow the protocol: a bug of ours, told once. */
    fault: (text: string) => void;
}

/** What is used of a WebSocket: it may live in a worker. */
export interface SocketLike {
    readonly readyState: number;
    send: (text: string) => void;
    close: () => void;
    onopen: (() => void) | null;
    onmessage: ((e: MessageEvent) => void) | null;
    onclose: (() => void) | null;
    onerror: (() => void) | null;
}

/** What the outside world gives: replaced in tests. */
export interface SignallingWorld {
    connect: (url: string, protocol: string) => SocketLike;
    later: (ms: number, run: () => void) => () => void;
    random: () => number;
}

export const browserWorld: SignallingWorld = {
    connect: (url, protocol) => new WebSocket(url, protocol) as SocketLike,
    later: (ms, run) => {
        const t = setTimeout(run, ms);
        return () => clearTimeout(t);
    },
    random: Math.random,
};

const SILENCE_MS = 10_000;
const OPEN_MS = 8_000; // a network that swallows packets never says no
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 3_000; // a server that is up again is found, and the seat taken, within 5 s

/** Pause before the n-th try (n from 0): doubles, half of it random, so that a whole centre does not return at once. */
export function retryPause(n: number, random: () => number): number {
    const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** n);
    return Math.round(full / 2 + (full / 2) * random());
}

export class Signalling {
    private socket: SocketLike | null = null;
    private tries = 0;
    private closed = false;
    private pingId = 0;
    private pingMs: number = LIMITS.ping_s * 1000;
    private stopTimers: Array<() => void> = [];
    private stopRetry: (() => void) | null = null;
    private heardSincePing = true;
    private silentMs = 0;

    constructor(
        private readonly url: string,
        private readonly handlers: SignallingHandlers,
        private readonly world: SignallingWorld = browserWorld,
    ) {
        this.connect();
    }

    get ready(): boolean {
        return this.socket?.readyState === 1;
    }

    /** The last ping was answered, or it is too early to tell. */
    get lives(): boolean {
        return this.ready && this.silentMs === 0;
    }

    /** False if there is no connection; the caller sends its state again after `open`. */
    send(message: ClientMessage): boolean {
        if (!this.socket || this.socket.readyState !== 1) return false;
        this.socket.send(encodeClient(message));
        return true;
    }

    close(): void {
        this.closed = true;
        this.stopRetry?.();
        this.drop();
    }

    /** The page woke up or the network came back: do not wait for the pause to end. */
    retryNow(): void {
        if (this.closed || this.socket) return;
        this.stopRetry?.();
        this.connect();
    }

    /** Drops this connection and takes a new one at once. */
    restart(): void {
        if (!this.closed && this.socket) {
            this.drop();
            this.handlers.lost();
            this.connect();
        }
    }

    private connect(): void {
        const socket = this.world.connect(this.url, PROTOCOL);
        this.socket = socket;
        this.stopTimers = [this.world.later(OPEN_MS, () => this.gone(socket))];
        socket.onopen = () => {
            this.stopTimers.forEach((stop) => stop());
            this.tries = 0;
            this.heardSincePing = true;
            this.beat();
            this.handlers.open();
        };
        socket.onmessage = (e: MessageEvent) => this.receive(e.data);
        socket.onclose = () => this.gone(socket);
        socket.onerror = () => undefined; // onclose follows
    }

    private receive(data: unknown): void {
        this.heardSincePing = true;
        const parsed = parseServer(typeof data === 'string' ? data : '');
        if (!parsed.ok) {
            this.handlers.fault(`${parsed.code} ${parsed.field}`);
            return;
        }
        if (parsed.message.type === 'welcome') this.pingMs = parsed.message.ping_s * 1000;
        this.handlers.message(parsed.message);
    }

    /** Sends a ping now and then; SILENCE_MS without any message means that the line is dead. */
    private beat(): void {
        this.silentMs = 0;
        const tick = (): void => {
            this.silentMs = this.heardSincePing ? 0 : this.silentMs + this.pingMs;
            if (this.silentMs >= SILENCE_MS) {
                this.gone(this.socket);
                return;
            }
            this.heardSincePing = false;
            this.pingId = (this.pingId + 1) % 0x7fffffff;
            this.send({ type: 'ping', id: this.pingId });
            this.stopTimers = [this.world.later(this.pingMs, tick)];
        };
        this.stopTimers = [this.world.later(this.pingMs, tick)];
    }

    private drop(): void {
        this.stopTimers.forEach((stop) => stop());
        this.stopTimers = [];
        const socket = this.socket;
        this.socket = null;
        if (socket) {
            socket.onclose = null;
            socket.onmessage = null;
            socket.close();
        }
    }

    private gone(socket: SocketLike | null): void {
        if (socket !== this.socket) return;
        this.drop();
        this.handlers.lost();
        if (this.closed) return;
        const pause = retryPause(this.tries++, this.world.random);
        this.stopRetry = this.world.later(pause, () => this.connect());
    }
}
