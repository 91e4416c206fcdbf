// SPDX-License-Identifier: Apache-2.0
//
// Both ends of the voice on the audio thread: the microphone cut into frames of 20 ms, and the voices of
// the others out of their jitter buffers, added up. Talks to the worker by ports of its own, so that a
// busy page is not heard.
import { JitterBuffer } from './jitter.ts';
import { FRAME_SAMPLES, type FromMic, type FromSpeaker, type ToSpeaker } from './messages.ts';

declare class AudioWorkletProcessor { readonly port: MessagePort; }
declare function registerProcessor(name: string, it: new () => AudioWorkletProcessor): void;

/** The port to the worker comes as the one message to the processor. */
function takePort(own: MessagePort, use: (port: MessagePort) => void): void {
    own.onmessage = (e: MessageEvent<MessagePort | null>) => { if (e.data) use(e.data); };
}

class Mic extends AudioWorkletProcessor {
    private out: MessagePort | null = null;
    private frame = new Float32Array(FRAME_SAMPLES);
    private have = 0;
    private index = 0;

    constructor() {
        super();
        takePort(this.port, (port) => { this.out = port; });
    }

    process(inputs: Float32Array[][]): boolean {
        const channels = inputs[0] ?? [];
        const n = channels[0]?.length ?? 128; // no track is silence of the usual length
        for (let i = 0; i < n; i++) {
            let v = 0;
            for (const c of channels) v += c[i] ?? 0;
            this.frame[this.have++] = channels.length > 1 ? v / channels.length : v;
            if (this.have === FRAME_SAMPLES) this.send();
        }
        return true;
    }

    private send(): void {
        const m: FromMic = { index: this.index++, samples: this.frame };
        this.out?.postMessage(m, [m.samples.buffer]);
        this.frame = new Float32Array(FRAME_SAMPLES);
        this.have = 0;
    }
}

const TELL_BLOCKS = 19; // about 50 ms

class Speaker extends AudioWorkletProcessor {
    private back: MessagePort | null = null;
    private readonly voices = new Map<number, JitterBuffer>();
    private block = new Float32Array(128);
    private n = 0;

    constructor() {
        super();
        takePort(this.port, (port) => {
            this.back = port;
            port.onmessage = (e: MessageEvent<ToSpeaker>) => { this.take(e.data); };
        });
    }

    process(_: unknown, outputs: Float32Array[][]): boolean {
        const out = outputs[0]?.[0];
        if (!out) return true;
        if (this.block.length !== out.length) this.block = new Float32Array(out.length);
        for (const voice of this.voices.values()) {
            voice.pull(this.block);
            for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + (this.block[i] ?? 0);
        }
        for (const other of outputs[0]?.slice(1) ?? []) other.set(out);
        if (++this.n % TELL_BLOCKS === 0) this.tell();
        return true;
    }

    private take(m: ToSpeaker): void {
        if ('end' in m) {
            this.voices.delete(m.slot);
            return;
        }
        let voice = this.voices.get(m.slot);
        if (!voice) this.voices.set(m.slot, (voice = new JitterBuffer()));
        voice.push(m);
    }

    private tell(): void {
        for (const [slot, voice] of this.voices) {
            const { filled, played } = voice.stats;
            const m: FromSpeaker = { slot, playing: voice.playing, heldMs: voice.heldMs, targetMs: voice.targetMs, filled, played };
            this.back?.postMessage(m);
        }
    }
}

registerProcessor('parta-mic', Mic);
registerProcessor('parta-speaker', Speaker);
