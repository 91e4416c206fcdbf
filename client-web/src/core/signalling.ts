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
    /** ms; only differences count */
    now: () => number;
    connect: (url: string, protocol: string) => SocketLike;
    later: (ms: number, run: () => void) => () => void;
    random: () => number;
}

export const browserWorld: SignallingWorld = {
    now: () => Date.now(), // it goes on while the machine sleeps
    connect: (url, protocol) => new WebSocket(url, protocol) as SocketLike,
    later: (ms, run) => {
        const t = setTimeout(run, ms);
        return () => clearTimeout(t);
    },
    random: Math.random,
};

const SILENCE_MS = 6_000; // three pings without an answer
const CHECK_MS = 2_000;
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 2_000;
const OPEN_MIN_MS = 1_500, OPEN_UNKNOWN_MS = 3_000, OPEN_MAX_MS = 8_000;
const OPEN_TRIPS = 12; // TCP, TLS and the handshake take four; one of them may be repeated
const PATIENT = 3;
const PINGS_KEPT = 20;

/** Pause before the n-th try (n from 0): doubles, half of it random, so that a whole centre does not return at once. */
export function retryPause(n: number, random: () => number): number {
    const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** n);
    return Math.round(full / 2 + (full / 2) * random());
}

/** How long the n-th try may take (n from 0). A network that swallows packets never says no, and repeats a connection's
 *  first packet after 1, 3 and 7 s: a new try is sooner. Every third is given twice the time: the line may be a slow one now. */
export function openMs(n: number, rttMs: number | null): number {
    if (n === 0 && rttMs === null) return OPEN_MAX_MS; // of this line nothing is known
    const one = rttMs === null ? OPEN_UNKNOWN_MS : Math.max(OPEN_MIN_MS, OPEN_TRIPS * rttMs);
    return Math.round(Math.min(OPEN_MAX_MS, n % PATIENT === PATIENT - 1 ? 2 * one : one));
}

export class Signalling {
    private socket: SocketLike | null = null;
    private tries = 0;
    private closed = false;
    private pingId = 0;
    private pingMs: number = LIMITS.ping_s * 1000;
    private stopTimers: Array<() => void> = [];
    private stopRetry: (() => void) | null = null;
    private stopCheck: (() => void) | null = null;
    private heardAtPing = 0;
    private silentMs = 0;
    private readonly asked = new Map<number, number>(); // pings under way, by id: when
    /** signs of life, of all connections */
    heard = 0;
    /** of the last ping that was answered; null: none was ever */
    rttMs: number | null = null;

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

    /** The network may be another one: this line answers soon, or there is a new one. */
    check(): void {
        this.retryNow();
        if (!this.ready) return;
        const { heard } = this;
        this.ping();
        this.stopCheck?.();
        this.stopCheck = this.world.later(Math.max(CHECK_MS, 4 * (this.rttMs ?? 0)), () => { if (this.heard === heard) this.restart(); });
    }

    ping(): void {
        this.pingId = (this.pingId + 1) % 0x3fffffff; // above are those of media over this line
        if (!this.send({ type: 'ping', id: this.pingId })) return;
        this.asked.set(this.pingId, this.world.now());
        if (this.asked.size > PINGS_KEPT) this.asked.delete(this.asked.keys().next().value ?? 0);
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
        this.stopTimers = [this.world.later(openMs(this.tries, this.rttMs), () => this.gone(socket, true))];
        socket.onopen = () => {
            this.stopTimers.forEach((stop) => stop());
            this.tries = 0;
            this.asked.clear();
            this.heard++;
            this.beat();
            this.handlers.open();
        };
        socket.onmessage = (e: MessageEvent) => this.receive(e.data);
        socket.onclose = () => this.gone(socket);
        socket.onerror = () => undefined; // onclose follows
    }

    private receive(data: unknown): void {
        this.heard++;
        const parsed = parseServer(typeof data === 'string' ? data : '');
        if (!parsed.ok) {
            this.handlers.fault(`${parsed.code} ${parsed.field}`);
            return;
        }
        const { message } = parsed;
        if (message.type === 'welcome') this.pingMs = message.ping_s * 1000;
        if (message.type === 'pong') this.took(message.id);
        this.handlers.message(message);
        if (message.type === 'welcome') this.ping(); // behind what is sent first: how long a round trip takes
    }

    private took(id: number): void {
        const at = this.asked.get(id);
        if (at !== undefined) this.rttMs = this.world.now() - at;
        this.asked.delete(id);
    }

    /** Sends a ping now and then; SILENCE_MS without any message means that the line is dead. */
    private beat(): void {
        this.silentMs = 0;
        this.heardAtPing = this.heard - 1;
        const tick = (): void => {
            this.silentMs = this.heard !== this.heardAtPing ? 0 : this.silentMs + this.pingMs;
            if (this.silentMs >= SILENCE_MS) {
                this.gone(this.socket);
                return;
            }
            this.heardAtPing = this.heard;
            this.ping();
            this.stopTimers = [this.world.later(this.pingMs, tick)];
        };
        this.stopTimers = [this.world.later(this.pingMs, tick)];
    }

    private drop(): void {
        this.stopTimers.forEach((stop) => stop());
        this.stopTimers = [];
        this.stopCheck?.();
        const socket = this.socket;
        this.socket = null;
        if (socket) {
            socket.onclose = null;
            socket.onmessage = null;
            socket.close();
        }
    }

    /** `slow`: nobody said no, the try took too long. That was pause enough. */
    private gone(socket: SocketLike | null, slow = false): void {
        if (socket !== this.socket) return;
        this.drop();
        this.handlers.lost();
        if (this.closed) return;
        const pause = retryPause(slow ? 0 : this.tries, this.world.random);
        this.tries++;
        this.stopRetry = this.world.later(pause, () => this.connect());
    }
}
