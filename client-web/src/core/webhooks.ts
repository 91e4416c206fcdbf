// SPDX-License-Identifier: Apache-2.0
//
// The part of the HTTP API that is about other programs that are told of what happens.
import type * as T from './api.gen.ts';
import { at, json, query } from './http.ts';

const POST = 'POST' as const;
type Signal = AbortSignal | undefined;

export const webhooks = {
    list: (signal?: Signal) => json<T.Webhooks>('/webhooks', at(signal)),
    make: (body: T.WebhookNew) => json<T.WebhookSecret>('/webhooks', { method: POST, body }),
    change: (hook: T.Webhook, body: T.WebhookEdit) =>
        json<T.Webhook>(`/webhooks/${hook.id}`, { method: 'PUT', body, etag: `"v${hook.version}"` }),
    renew: (id: number) => json<T.WebhookSecret>(`/webhooks/${id}/secret`, { method: POST }),
    remove: (id: number) => json<T.Nothing>(`/webhooks/${id}`, { method: 'DELETE' }),
    deliveries: (id: number, failed: boolean, cursor?: string, signal?: Signal) =>
        json<T.WebhookDeliveries>(query(`/webhooks/${id}/deliveries`, { failed: failed ? '1' : undefined, cursor, limit: 50 }), at(signal)),
    again: (id: number) => json<T.WebhookDelivery>(`/webhook-deliveries/${id}/again`, { method: POST }),
};

/** The host: what people call a receiver by. */
export function hostOf(url: string): string {
    const host = /^https:\/\/([^/?#]+)/.exec(url);
    return host?.[1] ?? url;
}

/** A slip of the finger; the server looks closer. */
export const looksLikeHook = (text: string): boolean => /^https:\/\/[^\s@#]+$/.test(text.trim());

/** What it is told, by paused or on: the same address and events. */
export const inState = (hook: T.Webhook, state: T.WebhookEdit['state']): T.WebhookEdit => ({ url: hook.url, events: hook.events, state });
