// SPDX-License-Identifier: Apache-2.0
//
// Whether UDP gets through to the server now: a connection of its own that carries nothing to anybody.
import { MediaLink } from './media.ts';
import type { ServerMessage } from './protocol.gen.ts';
import { Signalling } from './signalling.ts';

const GIVE_UP_MS = 6_000;

/** Resolves at the latest after six seconds. */
export function udpOpen(url: string): Promise<boolean> {
    return new Promise((resolve) => {
        const media = new MediaLink({ audio: 1, video: 0, screen: 0 }, { state: (s) => { if (s === 'connected') finish(true); } });
        const signalling = new Signalling(url, {
            open: () => undefined,
            message: (m) => { receive(m).catch(() => { finish(false); }); },
            lost: () => undefined,
            fault: () => undefined,
        });
        const timer = setTimeout(() => { finish(false); }, GIVE_UP_MS);

        function finish(open: boolean): void {
            clearTimeout(timer);
            signalling.close();
            media.close();
            resolve(open);
        }
        async function receive(m: ServerMessage): Promise<void> {
            if (m.type === 'welcome') signalling.send({ type: 'probe', sdp: await media.offer() });
            else if (m.type === 'probe_answer') await media.answer(m.sdp);
        }
    });
}
