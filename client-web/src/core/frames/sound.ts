// SPDX-License-Identifier: Apache-2.0
//
// The sound card for media over WebSocket: microphone and voices as worklets of one AudioContext, tied to
// the worker by channels of their own.
import type { LineWorker } from './line.ts';
import voiceUrl from './voice.worklet.ts?worker&url';

const RATE = 48_000;
const LATENCY_MS = 2_000;
const USUAL_LATENCY_MS = 40;

/** How much later a sample is heard than played, ms. Only Chromium may be asked: in Firefox ESR 153 on Linux the
 *  question and a sound card that is just starting wait for each other, and the page stands for ever. */
export function latencyOf(context: Pick<AudioContext, 'outputLatency' | 'baseLatency'>, may = 'userAgentData' in navigator): number {
    return may ? 1000 * (context.outputLatency || context.baseLatency || 0) : USUAL_LATENCY_MS;
}

export class Sound {
    private readonly context: AudioContext;
    private readonly ready: Promise<boolean>;
    private mic: { source: MediaStreamAudioSourceNode; node: AudioWorkletNode } | null = null;
    private turn = 0;
    private readonly timer: ReturnType<typeof setInterval>;
    private tell: ((blocked: boolean) => void) | null = null;

    constructor(private readonly line: LineWorker, private readonly fault: (why: string) => void) {
        this.context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' });
        this.context.onstatechange = () => { this.tell?.(this.blocked); };
        this.ready = this.start();
        this.timer = setInterval(() => { this.latency(); }, LATENCY_MS);
    }

    /** The browser waits for a press. */
    get blocked(): boolean { return this.context.state === 'suspended'; }

    watch(tell: (blocked: boolean) => void): () => void {
        this.tell = tell;
        tell(this.blocked);
        return () => { if (this.tell === tell) this.tell = null; };
    }

    resume(): void {
        if (this.blocked) void this.context.resume().catch(() => undefined); // it stays blocked, and says so
    }

    async setMic(track: MediaStreamTrack | null): Promise<void> {
        const turn = ++this.turn;
        this.dropMic();
        if (!track || !(await this.ready) || turn !== this.turn) return;
        try {
            const source = this.context.createMediaStreamSource(new MediaStream([track]));
            const node = new AudioWorkletNode(this.context, 'parta-mic', { numberOfInputs: 1, numberOfOutputs: 1 });
            // Its output is silence; a node that leads nowhere might not be run.
            source.connect(node).connect(this.context.destination);
            const port = this.channel(node);
            this.line.post({ type: 'mic', port }, [port]);
            this.mic = { source, node };
        } catch (e) {
            this.fault(`microphone: ${String(e)}`);
        }
    }

    close(): void {
        this.turn++;
        this.dropMic();
        clearInterval(this.timer);
        this.tell = this.context.onstatechange = null;
        if (this.context.state !== 'closed') void this.context.close();
    }

    private async start(): Promise<boolean> {
        try {
            await this.context.audioWorklet.addModule(voiceUrl);
            const node = new AudioWorkletNode(this.context, 'parta-speaker', { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [1] });
            node.connect(this.context.destination);
            const port = this.channel(node);
            this.line.post({ type: 'speaker', port }, [port]);
            this.latency();
            return true;
        } catch (e) {
            if (this.context.state !== 'closed') this.fault(`worklet: ${String(e)}`);
            return false;
        }
    }

    /** One end to the node, the other for the worker. */
    private channel(node: AudioWorkletNode): MessagePort {
        const { port1, port2 } = new MessageChannel();
        node.port.postMessage(port1, [port1]);
        return port2;
    }

    private latency(): void {
        this.line.post({ type: 'latency', ms: latencyOf(this.context) });
    }

    private dropMic(): void {
        if (!this.mic) return;
        this.mic.source.disconnect();
        this.mic.node.disconnect();
        this.mic = null;
        this.line.post({ type: 'mic', port: null });
    }
}
