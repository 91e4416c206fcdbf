// SPDX-License-Identifier: Apache-2.0
//
// Accounts of the made-up world: people, invitations, mails, one's own way in.
import type { Invitation, OutboxRow, SignIns, StaffPerson } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { me, NOW, people } from './people.ts';

const HOUR = 3_600_000;
const TOKEN = 'p4Gm1mXyq0Cq2lq1b5m0hV3mZq8sKQ7cW0u9k2nX3ek';

function staff({ locale, scene }: Ask): StaffPerson[] {
    if (scene === 'empty') return [];
    const p = people(locale);
    const one = (who: Parameters<typeof p>[0], more: Partial<StaffPerson>): StaffPerson => ({
        id: p(who).id, name: p(who).name, login: who, address: `${who}@centre.example`, roles: ['mentor'], status: 'active', second: false, seen: NOW - 2 * HOUR, devices: 1, ...more,
    });
    return [
        one('anna', {}), one('irina', { roles: ['coordinator'], second: true, seen: NOW }),
        one('officer', { roles: ['school_officer'], address: '', seen: null, devices: 0 }),
        { ...one('anna', {}), id: 77, name: locale === 'ru' ? 'Пётр Ильич Громов' : 'Pyotr Gromov', login: 'petr', status: 'locked', devices: 0, seen: NOW - 400 * HOUR },
    ];
}

function invitations({ locale, scene }: Ask): Invitation[] {
    if (scene === 'empty') return [];
    const by = people(locale)('irina');
    const one = (id: number, name: string, expired: boolean): Invitation => ({
        id, name, address: `new${id}@centre.example`, role: 'mentor', org: { id: 1, name: 'Parta' }, sent: NOW - 20 * HOUR,
        expires: NOW + (expired ? -HOUR : 148 * HOUR), expired, by,
    });
    return [one(5, locale === 'ru' ? 'Вера Павловна Лукина' : 'Vera Lukina', false), one(4, locale === 'ru' ? 'Олег Сергеевич Дроздов' : 'Oleg Drozdov', true)];
}

function mails({ locale, scene, url }: Ask): OutboxRow[] {
    if (scene === 'empty') return [];
    const to = people(locale)('anna');
    const row = (id: number, more: Partial<OutboxRow>): OutboxRow => ({
        id, kind: 'expiry', to, address: '', state: 'waiting', tries: 0, created: NOW - HOUR, next: NOW + 10 * HOUR, done: null, code: 0, detail: '', ...more,
    });
    const rows = [
        row(14, {}),
        row(13, { kind: 'invitation', to: null, address: 'new5@centre.example', tries: 2, next: NOW + HOUR / 6, code: 451, detail: '451 4.7.1 Greylisted, try again later' }),
        row(12, { kind: 'password_changed', state: 'failed', tries: 1, next: null, done: NOW - HOUR, code: 550, detail: '550 5.1.1 No such mailbox' }),
        row(11, { kind: 'report_due', state: 'failed', next: null, done: NOW - 2 * HOUR, detail: 'no_address' }),
        row(10, { kind: 'second_step', state: 'sent', tries: 1, next: null, done: NOW - 3 * HOUR, code: 250 }),
    ];
    return url.searchParams.get('open') ? rows.filter((r) => r.state !== 'sent') : rows;
}

const sessions = (): SignIns => ({ items: [
    { id: 3, current: true, via: 'password', device: 'Firefox · Windows', net: '203.0.*', since: NOW - HOUR, seen: NOW },
    { id: 2, current: false, via: 'link', device: 'Safari · iPhone', net: '198.51.*', since: NOW - 5 * HOUR, seen: NOW - 3 * HOUR },
    { id: 1, current: false, via: 'password', device: '', net: '198.51.*', since: NOW - 9 * HOUR, seen: NOW - 8 * HOUR },
] });

/** A pattern of the right size; no scanner reads it. */
const qr = (): string[] => Array.from({ length: 33 }, (_, y) => Array.from({ length: 33 }, (__, x) => ((x * 7 + y * 13 + x * y) % 3 === 0 ? '1' : '0')).join(''));
const recovery = Array.from({ length: 10 }, (_, i) => `k7dpq-${'abcdefghij'[i]}23mz`);

/** What is asked without a login. */
export function openAccounts(ask: Ask): Reply | null {
    const { url: { pathname: path }, body, locale } = ask;
    if (path === '/password-resets') return ask.scene === 'no-mail' ? refuse(409, 'no_mail') : ok({});
    if (path === '/password-resets/use') return body.token === TOKEN ? ok({}) : refuse(409, 'link_gone');
    if (path === '/invitations/look') return body.token === TOKEN
        ? ok({ name: locale === 'ru' ? 'Вера Павловна Лукина' : 'Vera Lukina', role: 'mentor', org: locale === 'ru' ? 'Центр «Парта»' : 'Parta centre', locale, expires: NOW + 100 * HOUR })
        : refuse(409, 'link_gone');
    if (path === '/invitations/accept') return body.login === 'irina' ? refuse(409, 'login_taken') : ok(me('mentor', locale, {}), { who: 'mentor' });
    return null;
}

/** What a signed-in person asks. */
export function accounts(ask: Ask): Reply | null {
    const { url: { pathname: path }, method, scene } = ask;
    const set = scene === 'second';
    if (path === '/me/second-step' && method === 'GET') return ok({ active: set, owed: scene === 'owed', since: set ? NOW - 30 * HOUR : null, recovery_left: set ? 8 : 0 });
    if (path === '/me/second-step') return ok({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', uri: 'otpauth://totp/Parta:irina', qr: qr() });
    if (path === '/me/second-step/confirm' || path === '/me/second-step/recovery') return ask.body.code === '000000' ? refuse(401, 'bad_code') : ok({ recovery });
    if (path === '/me/mail-address' && method === 'GET') return ok({ address: 'irina@centre.example', password: true, mails: true });
    if (path === '/me/password') return ask.body.old === 'parta' ? ok({}) : refuse(403, 'bad_password');
    if (path.startsWith('/me/sessions')) return ok(sessions());
    if (path === '/people') return ok({ items: staff(ask), next: null });
    if (path === '/invitations') return method === 'POST' ? refuse(409, 'address_taken') : ok({ items: invitations(ask) });
    if (path === '/outbox') return ok({ mails: scene !== 'no-mail', items: mails(ask), next: null });
    return /^\/(people|invitations|outbox|me\/second-step|me\/mail-address)/.test(path) ? ok({}) : null;
}
