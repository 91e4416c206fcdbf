// SPDX-License-Identifier: Apache-2.0
//
// The path test: the real way to the server, tried days before a lesson or at its door, by a connection
// that carries nothing to anybody. Round trip by ping, UDP and its loss by a quiet voice that nobody
// hears, rates by filler over the WebSocket. Some six seconds and less than a megabyte.
import { MediaLink } from './media.ts';
import { PATH, type ServerMessage } from './protocol.gen.ts';
import { RateTrain, UNDER_WAY } from './rate.ts';
import { browserWorld, Signalling, type SignallingWorld } from './signalling.ts';

export interface PathMeasure {
    websocket: boolean;
    udp: boolean;
    rtt_ms: number;
    /** of the quiet voice; null: not measured */
    loss_permille: number | null;
    up_kbps: number;
    down_kbps: number;
}
/** `none`: the server was not reached. `later`: it does not measure now (a lesson, or too many tests). */
export type PathOutcome = { kind: 'measured'; measure: PathMeasure } | { kind: 'none' } | { kind: 'later' };

const OPEN_MS = 6_000;
const UDP_MS = 3_000;
const VOICE_MS = 2_200;
const LOOK_MS = 200;
const PINGS = 5;
const PING_MS = 3_000;
/** Far from the ids of the heartbeat. */
const FIRST_ID = 1_000_000;

export function socketUrl(origin: string): string {
    return origin.replace(/^http/, 'ws') + PATH;
}

const world: SignallingWorld = { ...browserWorld, now: () => performance.now() };

class Later extends Error {}
class Gone extends Error {}

/** What getStats tells of the quiet voice: packets sent when the last report came, and lost of them. */
export function lossOf(entries: Iterable<Record<string, unknown>>): { at: number; sent: number; lost: number; rttMs: number } {
    const found = { at: 0, sent: 0, lost: 0, rttMs: 0 };
    for (const s of entries) {
        if (s['type'] === 'outbound-rtp' && s['kind'] === 'audio') found.sent += Number(s['packetsSent'] ?? 0);
        if (s['type'] === 'remote-inbound-rtp' && s['kind'] === 'audio') {
            found.at = Number(s['timestamp'] ?? 0);
            found.lost += Math.max(0, Number(s['packetsLost'] ?? 0));
        }
        if (s['type'] === 'candidate-pair' && s['nominated'] === true) found.rttMs = Math.round(Number(s['currentRoundTripTime'] ?? 0) * 1000);
    }
    return found;
}

class Probe {
    private readonly signalling: Signalling;
    private media: MediaLink | null = null;
    private readonly waiting = new Set<(m: ServerMessage | { type: 'udp' } | { type: 'gone' }) => void>();
    private nextId = FIRST_ID;

    constructor(url: string, private readonly voice: () => MediaStreamTrack | null, private readonly world: SignallingWorld) {
        this.signalling = new Signalling(url, {
            open: () => undefined,
            message: (m) => { this.hear(m); },
            lost: () => { this.hear({ type: 'gone' }); },
            fault: () => undefined,
        }, world);
    }

    close(): void {
        this.signalling.close();
        this.media?.close();
    }

    private hear(m: ServerMessage | { type: 'udp' } | { type: 'gone' }): void {
        for (const each of [...this.waiting]) each(m);
    }

    /** The first message that `take` makes something of; null after `ms`. */
    private expect<T>(ms: number, take: (m: ServerMessage | { type: 'udp' }) => T | undefined): Promise<T | null> {
        return new Promise((resolve, reject) => {
            const end = (): void => { stop(); this.waiting.delete(listen); };
            const stop = this.world.later(ms, () => { end(); resolve(null); });
            const listen = (m: ServerMessage | { type: 'udp' } | { type: 'gone' }): void => {
                const refused = m.type === 'error' && (m.re === 'measure' || (m.re === 'probe' && m.code !== 'bad_offer'));
                if (m.type === 'gone' || refused) { end(); reject(m.type === 'gone' ? new Gone() : new Later()); return; }
                const found = take(m);
                if (found !== undefined) { end(); resolve(found); }
            };
            this.waiting.add(listen);
        });
    }

    private pause(ms: number): Promise<void> {
        return new Promise((resolve) => { this.world.later(ms, resolve); });
    }

    async run(): Promise<PathOutcome> {
        if (!(await this.expect(OPEN_MS, (m) => (m.type === 'welcome' ? true : undefined)))) return { kind: 'none' };
        const rtt = await this.pings();
        if (rtt === null) return { kind: 'none' };
        const udp = await this.udp();
        const down = await this.rate(rtt, 'down');
        const up = await this.rate(rtt, 'up');
        if (down === null || up === null) return { kind: 'none' };
        return {
            kind: 'measured',
            measure: { websocket: true, udp: udp !== null, rtt_ms: Math.round(udp?.rttMs || rtt), loss_permille: udp?.loss ?? null, up_kbps: up, down_kbps: down },
        };
    }

    /** The median of some round trips, one after the other. */
    private async pings(): Promise<number | null> {
        const took: number[] = [];
        for (let i = 0; i < PINGS; i++) {
            const id = this.nextId++;
            const sent = this.world.now();
            const back = this.expect(PING_MS, (m) => (m.type === 'pong' && m.id === id ? true : undefined));
            this.signalling.send({ type: 'ping', id });
            if (!(await back)) break;
            took.push(this.world.now() - sent);
        }
        took.sort((a, b) => a - b);
        return took[Math.floor(took.length / 2)] ?? null;
    }

    /** Null: media does not get through by UDP. */
    private async udp(): Promise<{ rttMs: number; loss: number | null } | null> {
        if (typeof RTCPeerConnection === 'undefined') return null; // switched off by a policy: the WebSocket remains
        const media = new MediaLink({ audio: 1, video: 0, screen: 0 }, { state: (s) => { if (s === 'connected') this.hear({ type: 'udp' }); } });
        this.media = media;
        const offer = await media.offer();
        const answered = this.expect(UDP_MS, (m) => (m.type === 'probe_answer' ? m.sdp : undefined));
        this.signalling.send({ type: 'probe', sdp: offer });
        const sdp = await answered;
        if (sdp === null) return null;
        const connected = this.expect(UDP_MS, (m) => (m.type === 'udp' ? true : undefined));
        await media.answer(sdp);
        if (!(await connected)) return null;
        await media.setTrack('mic', this.voice());
        let report = { at: 0, sent: 0, lost: 0, rttMs: 0 };
        for (let ms = 0; ms < VOICE_MS; ms += LOOK_MS) {
            await this.pause(LOOK_MS);
            const entries: Array<Record<string, unknown>> = [];
            (await media.pc.getStats()).forEach((e: Record<string, unknown>) => entries.push(e));
            const look = lossOf(entries);
            report = look.at === report.at ? { ...report, rttMs: look.rttMs || report.rttMs } : look;
        }
        await media.setTrack('mic', null);
        const loss = report.at > 0 && report.sent > 0 ? Math.min(1000, Math.round((1000 * report.lost) / report.sent)) : null;
        return { rttMs: report.rttMs, loss };
    }

    private async rate(rttMs: number, way: 'up' | 'down'): Promise<number | null> {
        const train = new RateTrain(rttMs, this.nextId);
        this.nextId += 1_000;
        const { world } = this;
        while (!train.done(world.now())) {
            for (let i = 0; i < UNDER_WAY; i++) {
                const m = train.next(world.now());
                if (!m) break;
                this.signalling.send({ type: 'measure', id: m.id, bytes: way === 'down' ? m.bytes : 0, ...(way === 'up' ? { filler: '.'.repeat(m.bytes) } : {}) });
            }
            const id = await this.expect(LOOK_MS, (m) => (m.type === 'measured' ? m.id : undefined));
            if (id !== null) train.back(id, world.now());
        }
        return train.kbps();
    }
}

/** Tries the way. `voice` is asked for a track of steady sound once UDP is through. */
export async function testPath(url: string, voice: () => MediaStreamTrack | null, w: SignallingWorld = world): Promise<PathOutcome> {
    const probe = new Probe(url, voice, w);
    try {
        return await probe.run();
    } catch (e) {
        if (e instanceof Later) return { kind: 'later' };
        return { kind: 'none' };
    } finally {
        probe.close();
    }
}

