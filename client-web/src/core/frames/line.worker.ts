// SPDX-License-Identifier: Apache-2.0
//
// The worker that owns the line of a seat: text goes on to the page, frames of media stay here, so that
// a page that is busy drawing is neither heard nor seen. One socket at a time carries media.
import { LineMedia, type Parts } from './media.ts';
import type { FromMic, FromSpeaker, ToPage, ToWorker } from './messages.ts';

const scope = self as unknown as { postMessage: (m: ToPage, hand?: Transferable[]) => void; onmessage: ((e: MessageEvent<ToWorker>) => void) | null };
const tell = (m: ToPage): void => { scope.postMessage(m); };

const sockets = new Map<number, WebSocket>();
const parts: Parts = { mic: null, speaker: null, brushes: new Map(), members: [], latencyMs: 0, pictures: new Set() };
const readers = new Map<'camera' | 'screen', ReadableStreamDefaultReader<VideoFrame>>();
/** Also those that are off, until their streams end: one that nobody holds is collected with a picture in it, unclosed. */
const held = new Set<ReadableStreamDefaultReader<VideoFrame>>();
let media: LineMedia | null = null;
let mediaLine = 0;
/** Frames that came behind `frames` and before the page has said to begin, by line: the first is a key frame. */
const early = new Map<number, ArrayBuffer[]>();
const EARLY_MOST = 500;

function endMedia(): void {
    media?.close();
    media = null;
    mediaLine = 0;
}

function open(line: number, url: string, protocol: string): void {
    const socket = new WebSocket(url, protocol);
    socket.binaryType = 'arraybuffer';
    sockets.set(line, socket);
    socket.onopen = () => { tell({ type: 'opened', line }); };
    socket.onmessage = (e: MessageEvent<string | ArrayBuffer>) => {
        const mine = line === mediaLine ? media : null;
        if (typeof e.data !== 'string') {
            const kept = early.get(line);
            if (mine) mine.binary(e.data);
            else if (kept && kept.length < EARLY_MOST) kept.push(e.data); // else it was on its way as media ended
            return;
        }
        if (e.data.includes('"type":"frames"')) early.set(line, []);
        if (!mine?.text(e.data)) tell({ type: 'heard', line, text: e.data });
    };
    socket.onclose = () => {
        sockets.delete(line);
        early.delete(line);
        if (line === mediaLine) endMedia();
        tell({ type: 'closed', line });
    };
}

function close(line: number): void {
    const socket = sockets.get(line);
    if (line === mediaLine) endMedia();
    sockets.delete(line);
    early.delete(line);
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
}

async function read(source: 'camera' | 'screen', stream: ReadableStream<VideoFrame>): Promise<void> {
    const reader = stream.getReader();
    readers.set(source, reader);
    held.add(reader);
    for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        if (readers.get(source) !== reader) { // off. Read to its end: a cancelled stream loses pictures that it holds, unclosed
            value.close();
            continue;
        }
        try {
            picture(source, value);
        } catch (e) { // one picture that cannot be used is not the end of the stream
            value.close();
            tell({ type: 'broken', what: 'picture_up', why: String(e) });
        }
    }
    held.delete(reader);
}

function picture(source: 'camera' | 'screen', frame: VideoFrame): void {
    if (media && parts.pictures.has(source)) media.picture(source, frame);
    else frame.close();
}

function begin(source: 'camera' | 'screen'): void {
    end(source);
    parts.pictures.add(source);
    media?.begin(source);
}

function end(source: 'camera' | 'screen'): void {
    parts.pictures.delete(source);
    media?.end(source);
    readers.delete(source);
}

function mic(port: MessagePort | null): void {
    parts.mic?.close();
    parts.mic = port;
    media?.newMic();
    if (port) port.onmessage = (e: MessageEvent<FromMic>) => { media?.speak(e.data); };
}

function speaker(port: MessagePort): void {
    parts.speaker = port;
    port.onmessage = (e: MessageEvent<FromSpeaker>) => { media?.plays(e.data); };
}

scope.onmessage = ({ data: m }) => {
    switch (m.type) {
        case 'open': open(m.line, m.url, m.protocol); break;
        case 'text': {
            const socket = sockets.get(m.line);
            if (socket?.readyState === 1) socket.send(m.text);
            break;
        }
        case 'close': close(m.line); break;
        case 'media': {
            const socket = sockets.get(m.line);
            endMedia();
            if (!socket) break;
            mediaLine = m.line;
            media = new LineMedia(socket, m.plan, parts, tell);
            for (const message of early.get(m.line) ?? []) media.binary(message);
            early.delete(m.line);
            break;
        }
        case 'media_end': endMedia(); break;
        case 'members': parts.members = m.members; media?.members(m.members); break;
        case 'key': if (m.source !== 'mic') media?.keyFrame(m.source); break;
        case 'most': media?.most(m.most); break;
        case 'mic': mic(m.port); break;
        case 'pictures': begin(m.source); void read(m.source, m.stream).catch((e: unknown) => { tell({ type: 'broken', what: 'picture_up', why: String(e) }); }); break;
        case 'picture':
            if (!parts.pictures.has(m.source)) begin(m.source);
            picture(m.source, m.frame);
            break;
        case 'pictures_end': end(m.source); break;
        case 'speaker': speaker(m.port); break;
        case 'latency': parts.latencyMs = m.ms; if (media) media.latency = m.ms; break;
        case 'canvas': {
            const brush = m.canvas.getContext('2d', { alpha: false });
            if (brush) parts.brushes.set(m.slot, brush);
            break;
        }
        case 'no_canvas': parts.brushes.delete(m.slot); break;
    }
};
