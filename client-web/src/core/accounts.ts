// SPDX-License-Identifier: Apache-2.0
//
// The part of the HTTP API that is about accounts and what is sent.
import type * as T from './api.gen.ts';
import { at, json, query } from './http.ts';

const POST = 'POST' as const;
const PUT = 'PUT' as const;
type Signal = AbortSignal | undefined;

export const accounts = {
    setPassword: (body: T.PasswordNew) => json<T.Nothing>('/me/password', { method: PUT, body }),
    address: (signal?: Signal) => json<T.MailAddress>('/me/mail-address', at(signal)),
    setAddress: (body: T.MailAddressNew) => json<T.Nothing>('/me/mail-address', { method: PUT, body }),
    sessions: (signal?: Signal) => json<T.SignIns>('/me/sessions', at(signal)),
    endSession: (id: number) => json<T.Nothing>(`/me/sessions/${id}`, { method: 'DELETE' }),
    endOthers: () => json<T.SignIns>('/me/sessions/end-others', { method: POST }),
    second: (signal?: Signal) => json<T.SecondStep>('/me/second-step', at(signal)),
    beginSecond: () => json<T.SecondSecret>('/me/second-step', { method: POST }),
    confirmSecond: (code: string) => json<T.RecoveryCodes>('/me/second-step/confirm', { method: POST, body: { code } }),
    renewCodes: (code: string) => json<T.RecoveryCodes>('/me/second-step/recovery', { method: POST, body: { code } }),
    endSecond: (code: string) => json<T.Nothing>('/me/second-step/off', { method: POST, body: { code } }),
    askReset: (address: string) => json<T.Nothing>('/password-resets', { method: POST, body: { address } }),
    useReset: (body: T.TokenPassword) => json<T.Nothing>('/password-resets/use', { method: POST, body }),
    invitations: (signal?: Signal) => json<T.Invitations>('/invitations', at(signal)),
    invite: (body: T.InvitationNew, key: string) => json<T.Invitation>('/invitations', { method: POST, body, key }),
    withdraw: (id: number) => json<T.Nothing>(`/invitations/${id}`, { method: 'DELETE' }),
    lookAt: (token: string) => json<T.Invited>('/invitations/look', { method: POST, body: { token } }),
    accept: (body: T.InvitationAccept) => json<T.Me>('/invitations/accept', { method: POST, body }),
    people: (cursor?: string, signal?: Signal) => json<T.People>(query('/people', { cursor, limit: 100 }), at(signal)),
    manage: (id: number, what: 'sign-out' | 'lock' | 'unlock' | 'second-step-off') =>
        json<T.Nothing>(`/people/${id}/${what}`, { method: POST }),
    outbox: (open: boolean, signal?: Signal) => json<T.Outbox>(query('/outbox', { open: open ? '1' : undefined, limit: 100 }), at(signal)),
    sendAgain: (id: number) => json<T.OutboxRow>(`/outbox/${id}/again`, { method: POST }),
};

/** What the server asks of a password (the sign-in name inside it, it sees itself). */
export const passwordLongEnough = (text: string): boolean => new TextEncoder().encode(text).length >= 12;

/** A slip of the finger; the server looks closer. */
export const looksLikeAddress = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text.trim());
