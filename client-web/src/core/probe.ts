// SPDX-License-Identifier: Apache-2.0
//
// The real path to the server, tried before the lesson: a connection that carries nothing to
// anybody. Tells whether the signalling answers, whether UDP gets through, and the round trip.
import { MediaLink } from './media.ts';
import { PATH, type ServerMessage } from './protocol.gen.ts';
import { Signalling } from './signalling.ts';

export interface PathResult {
    /** udp: media gets through; signalling: only the page's port does; none: not even that */
    path: 'udp' | 'signalling' | 'none';
    rttMs: number;
}

const GIVE_UP_MS = 6_000;

export function socketUrl(origin: string): string {
    return origin.replace(/^http/, 'ws') + PATH;
}

async function roundTrip(pc: RTCPeerConnection): Promise<number> {
    let rtt = 0;
    (await pc.getStats()).forEach((s: Record<string, unknown>) => {
        if (s['type'] === 'candidate-pair' && s['nominated'] === true && typeof s['currentRoundTripTime'] === 'number')
            rtt = s['currentRoundTripTime'];
    });
    return Math.round(rtt * 1000);
}

/** Resolves with what was reached, at the latest after six seconds. */
export function probePath(url: string): Promise<PathResult> {
    return new Promise((resolve) => {
        let reached: PathResult['path'] = 'none';
        let finished = false;
        const media = new MediaLink(
            { audio: 1, video: 0, screen: 0 },
            { state: (s) => s === 'connected' && void connected() },
        );
        const signalling = new Signalling(url, {
            open: () => undefined,
            message: (m) => void receive(m),
            lost: () => undefined,
            fault: () => undefined,
        });
        const timer = setTimeout(() => finish({ path: reached, rttMs: 0 }), GIVE_UP_MS);

        function finish(result: PathResult): void {
            if (finished) return;
            finished = true;
            clearTimeout(timer);
            signalling.close();
            media.close();
            resolve(result);
        }
        async function connected(): Promise<void> {
            finish({ path: 'udp', rttMs: await roundTrip(media.pc) });
        }
        async function receive(m: ServerMessage): Promise<void> {
            if (m.type === 'welcome') {
                reached = 'signalling';
                signalling.send({ type: 'probe', sdp: await media.offer() });
            } else if (m.type === 'probe_answer') {
                await media.answer(m.sdp);
            }
        }
    });
}
