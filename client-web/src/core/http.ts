// SPDX-License-Identifier: Apache-2.0
//
// One request to the HTTP API, one answer; a refusal is thrown as `Refused` with the server's code, a
// lost network as `Offline`. It never retries and never chooses words.
import type * as T from './api.gen.ts';
import { sendBytes } from './upload.ts';

export class Refused extends Error {
    constructor(readonly status: number, readonly error: T.ApiError) {
        super(error.code);
    }
}

export class Offline extends Error {}

/** An answer that carries a version, to be sent back with the next change. */
export interface Versioned<V> { value: V; etag: string }

export interface Call {
    method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    body?: unknown;
    /** bytes instead of JSON */
    file?: Blob;
    etag?: string;
    key?: string;
    signal?: AbortSignal;
}

/** A call that a screen gives up when it goes. */
export const at = (signal: AbortSignal | undefined): Call => (signal ? { signal } : {});

export const BASE = '/api/v1';

export async function send(path: string, call: Call): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (call.body !== undefined) headers['Content-Type'] = 'application/json';
    if (call.file) headers['Content-Type'] = 'application/octet-stream';
    if (call.etag) headers['If-Match'] = call.etag;
    if (call.key) headers['Idempotency-Key'] = call.key;
    const response = await fetch(BASE + path, {
        method: call.method ?? 'GET',
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        body: call.file ?? (call.body === undefined ? null : JSON.stringify(call.body)),
        signal: call.signal ?? null,
    }).catch((cause: unknown) => {
        if (call.signal?.aborted) throw cause;
        throw new Offline('offline', { cause });
    });
    if (response.ok) return response;
    const refusal = (await response.json().catch(() => null)) as T.Refusal | null;
    throw new Refused(response.status, refusal?.error ?? { code: response.status >= 500 ? 'unavailable' : 'internal' });
}

export async function json<V>(path: string, call: Call = {}): Promise<V> {
    return (await (await send(path, call)).json()) as V;
}

export async function versioned<V>(path: string, call: Call = {}): Promise<Versioned<V>> {
    const response = await send(path, call);
    return { value: (await response.json()) as V, etag: response.headers.get('ETag') ?? '' };
}

export function query(path: string, params: Record<string, string | number | undefined>): string {
    const set = Object.entries(params).filter(([, v]) => v !== undefined && v !== '');
    const text = new URLSearchParams(set.map(([k, v]) => [k, String(v)])).toString();
    return text ? `${path}?${text}` : path;
}

export async function upload<V>(path: string, file: Blob, told: (part: number) => void, key: string): Promise<V> {
    const { status, value } = await sendBytes(BASE + path, file, told, key).catch((cause: unknown) => { throw new Offline('offline', { cause }); });
    if (status < 300) return value as V;
    throw new Refused(status, (value as T.Refusal | null)?.error ?? { code: status === 413 ? 'too_large' : status >= 500 ? 'unavailable' : 'internal' });
}

/** A key for one intended change: repeat the request with the same key and it happens once. */
export const changeKey = (): string => crypto.randomUUID();
