// SPDX-License-Identifier: Apache-2.0
//
// Other programs in the made-up world: one that works, one that fails, one that is off, one paused.
import type { Webhook, WebhookDelivery, WebhookEvent } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { NOW } from './people.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const EVENTS: WebhookEvent[] = ['lesson.held', 'lesson.no_show', 'lesson.not_held', 'attendance.amended', 'schedule.published', 'report.delivered', 'report.acknowledged', 'sheet.delivered', 'sheet.acknowledged'];
const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQIhrs=';

const one = (id: number, url: string, more: Partial<Webhook>): Webhook => ({
    id, version: 2, url, state: 'on', events: ['report.delivered', 'report.acknowledged'], fails: 0, failing_since: null,
    old_secret_until: null, created: NOW - 40 * DAY, waiting: 0, failed: 0, ...more,
});

const hooks = (): Webhook[] => [
    one(1, 'https://journal.school12.example/hooks/parta', { events: ['lesson.held', 'lesson.no_show', 'lesson.not_held', 'attendance.amended'], old_secret_until: NOW + 20 * HOUR }),
    one(2, 'https://ministry.example:8443/in?source=parta', { fails: 9, failing_since: NOW - 2 * DAY, waiting: 14, failed: 1 }),
    one(3, 'https://archive.centre.example/events', { state: 'off', fails: 41, failing_since: NOW - 5 * DAY, waiting: 30 }),
    one(4, 'https://new.example/', { state: 'paused', events: ['schedule.published'], waiting: 2 }),
];

const message = (id: number, event: WebhookEvent, more: Partial<WebhookDelivery>): WebhookDelivery => ({
    id, message: `msg_${id}`, event, state: 'sent', tries: 1, created: NOW - HOUR, next: null, tried: NOW - HOUR, done: NOW - HOUR, code: 204, why: '', took_ms: 84,
    body: `{"type":"${event}","timestamp":"2026-11-23T06:12:00.000Z","data":{"lesson":${id}}}`, ...more,
});

function messages({ url, scene }: Ask): WebhookDelivery[] {
    if (scene === 'empty') return [];
    const all = [
        message(210, 'lesson.held', { state: 'waiting', tries: 0, tried: null, done: null, next: NOW, code: 0, took_ms: 0 }),
        message(209, 'lesson.no_show', { state: 'waiting', tries: 4, done: null, next: NOW + HOUR / 4, code: 502, why: 'answer', took_ms: 311 }),
        message(208, 'attendance.amended', { state: 'waiting', tries: 2, done: null, next: NOW + HOUR / 2, code: 0, why: 'closed_network', took_ms: 0 }),
        message(207, 'schedule.published', { state: 'failed', tries: 20, code: 0, why: 'too_slow', took_ms: 10_000 }),
        message(206, 'report.delivered', {}), message(205, 'report.acknowledged', { tries: 3, took_ms: 1204 }),
    ];
    return url.searchParams.get('failed') ? all.filter((m) => m.state === 'failed') : all;
}

export function webhooks(ask: Ask): Reply | null {
    const { url: { pathname: path }, method, scene, body } = ask;
    if (!/^\/webhook/.test(path)) return null;
    if (ask.who !== 'admin') return refuse(403, 'not_allowed');
    const hook = hooks().find((h) => h.id === Number(path.split('/')[2])) ?? hooks()[0];
    if (path === '/webhooks' && method === 'GET') return ok({ items: scene === 'empty' ? [] : hooks(), events: EVENTS, most: scene === 'full' ? 4 : 10, off_after_days: 5, keep_days: 30 });
    if (path === '/webhooks') return String(body.url).includes('localhost') ? refuse(400, 'bad_field', { field: 'url', fault: 'bad_host' })
        : ok({ webhook: one(5, String(body.url), {}), secret: SECRET }, { status: 201 });
    if (path.endsWith('/secret')) return ok({ webhook: hook, secret: SECRET });
    if (path.endsWith('/deliveries')) return ok({ webhook: hook, items: messages(ask), next: scene === 'empty' ? null : '50' });
    if (path.endsWith('/again')) return ok(message(207, 'schedule.published', { state: 'waiting', done: null, next: NOW }));
    return ok(method === 'DELETE' ? {} : hook);
}
