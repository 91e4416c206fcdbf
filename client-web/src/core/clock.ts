// SPDX-License-Identifier: Apache-2.0
//
// The server's time as this page knows it. Answers carry `now`; a wrong clock on a child's tablet must
// not keep a door shut. The offset is the freshest answer's.
let offset = 0;
const listeners = new Set<() => void>();

/** Learns the server's time from an answer that has just arrived. */
export function learnNow(serverNow: number): void {
    offset = serverNow - Date.now();
    listeners.forEach((tell) => { tell(); });
}

/** Milliseconds since 1970 by the server's clock. */
export const now = (): number => Date.now() + offset;

/** Calls `tell` whenever the server's time has been learnt anew; the result stops it. */
export function onLearnt(tell: () => void): () => void {
    listeners.add(tell);
    return () => { listeners.delete(tell); };
}
