// SPDX-License-Identifier: Apache-2.0
//
// Sends a file as it is and tells how much of it has gone: fetch cannot tell that.
export interface Sent { status: number; value: unknown }

/** `told` gets 0..1; `key`: the same key is sent once, however often an answer is lost. Rejects when the network is lost or `signal` is aborted. */
export function sendBytes(address: string, file: Blob, told: (part: number) => void, key: string, signal?: AbortSignal): Promise<Sent> {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        const lost = () => { reject(new Error('the file could not be sent')); };
        request.open('POST', address);
        request.setRequestHeader('Content-Type', 'application/octet-stream');
        request.setRequestHeader('Accept', 'application/json');
        request.setRequestHeader('Idempotency-Key', key);
        request.upload.onprogress = (e) => { if (e.lengthComputable) told(e.loaded / e.total); };
        request.onload = () => { resolve({ status: request.status, value: parsed(request.responseText) }); };
        request.onerror = lost;
        request.onabort = lost;
        signal?.addEventListener('abort', () => { request.abort(); });
        request.send(file);
    });
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return null;
    }
}
