// SPDX-License-Identifier: Apache-2.0
//
// One request, one answer. `scene` asks for a special state of a screen: empty, failing, refused.
import type { Locale, Me } from '../../src/core/api.gen.ts';
import { board } from './board.ts';
import { day } from './day.ts';
import { me, NOW, people } from './people.ts';

export interface Ask { method: string; url: URL; who: string | null; scene: string; locale: Locale; body: Record<string, unknown> }
export interface Reply { status: number; body?: unknown; type?: string; etag?: string; who?: string | null }

export const ok = (body: unknown, more: Partial<Reply> = {}): Reply => ({ status: 200, body, ...more });
export const refuse = (status: number, code: string, more: object = {}): Reply => ({ status, body: { error: { code, ...more } } });

const changes: Partial<Me> = {};

function signIn({ body, locale }: Ask): Reply {
    const role = body.code === '417302' ? 'child' : body.password === 'parta' ? String(body.login)
        : String(body.link ?? '').startsWith('demo-') ? String(body.link).slice(5).replace(/-.*/, '') : null;
    const person = role ? me(role, locale, changes) : null;
    return person && role ? ok(person, { who: role }) : refuse(401, 'bad_sign_in');
}

export function answer(ask: Ask): Reply {
    const { method, url, who, locale } = ask;
    const path = url.pathname;
    if (ask.scene === 'down') return refuse(503, 'unavailable');
    if (path === '/centre') return ok({ name: 'Parta', phone: '8 800 555-10-12', locales: ['ru', 'en'], demo: true });
    if (path === '/session' && method === 'POST') return signIn(ask);
    const person = who ? me(who, locale, changes) : null;
    if (!person || !who) return refuse(401, 'no_login');
    if (path === '/session') return method === 'DELETE' ? { status: 204, who: null } : ok(person);
    if (path === '/me' && method === 'PATCH') return ok(Object.assign(person, Object.assign(changes, ask.body)));
    if (path === '/me/day') return ok(day(ask));
    if (path === '/board') return ok(board(ask));
    if (/^\/me\/(help|not-today|ready)$/.test(path)) return ok({ at: NOW, coordinator: people(locale)('irina') });
    return refuse(404, 'not_found');
}
