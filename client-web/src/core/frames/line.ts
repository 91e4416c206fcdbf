// SPDX-License-Identifier: Apache-2.0
//
// The page's end of the worker that owns the line: a socket that looks to Signalling like any other, and
// the way for everything else. When the worker cannot run, the next socket is an ordinary one.
import type { SocketLike } from '../signalling.ts';
import type { LineStats, ToPage, ToWorker } from './messages.ts';

class WorkerSocket implements SocketLike {
    readyState = 0;
    onopen: (() => void) | null = null;
    onmessage: ((e: MessageEvent) => void) | null = null;
    onclose: (() => void) | null = null;
    onerror: (() => void) | null = null;

    constructor(readonly line: number, private readonly post: (m: ToWorker) => void) {}

    send(text: string): void { this.post({ type: 'text', line: this.line, text }); }
    close(): void {
        this.readyState = 3;
        this.post({ type: 'close', line: this.line });
    }
}

export class LineWorker {
    /** what the worker told last of the line that carries media */
    stats: LineStats | null = null;
    onbroken: ((what: string, why: string) => void) | null = null;
    private lines = 0;
    private readonly sockets = new Map<number, WorkerSocket>();
    private dead = false;

    constructor(private readonly worker: Worker, private readonly plain: (url: string, protocol: string) => SocketLike) {
        worker.onmessage = (e: MessageEvent<ToPage>) => { this.take(e.data); };
        worker.onerror = () => { this.die(); };
    }

    /** False: sockets of the page itself are in use, which carry no media. */
    get alive(): boolean { return !this.dead; }

    /** The number of the line that was opened last. */
    get line(): number { return this.lines; }

    connect = (url: string, protocol: string): SocketLike => {
        if (this.dead) return this.plain(url, protocol);
        const line = ++this.lines;
        const socket = new WorkerSocket(line, (m) => { this.post(m); });
        this.sockets.set(line, socket);
        this.post({ type: 'open', line, url, protocol });
        return socket;
    };

    post(m: ToWorker, hand: Transferable[] = []): void {
        if (!this.dead) this.worker.postMessage(m, hand);
    }

    private take(m: ToPage): void {
        if (m.type === 'stats') { this.stats = m.stats; return; }
        if (m.type === 'broken') { this.onbroken?.(m.what, m.why); return; }
        const socket = this.sockets.get(m.line);
        if (!socket || socket.readyState === 3) return; // closed by the page meanwhile
        if (m.type === 'opened') {
            socket.readyState = 1;
            socket.onopen?.();
        } else if (m.type === 'heard') {
            socket.onmessage?.(new MessageEvent('message', { data: m.text }));
        } else {
            this.gone(socket);
        }
    }

    private gone(socket: WorkerSocket): void {
        this.sockets.delete(socket.line);
        socket.readyState = 3;
        socket.onclose?.();
    }

    private die(): void {
        if (this.dead) return;
        this.dead = true;
        this.worker.terminate();
        for (const socket of [...this.sockets.values()]) this.gone(socket);
    }
}
