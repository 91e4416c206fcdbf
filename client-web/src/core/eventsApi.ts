// SPDX-License-Identifier: Apache-2.0
//
// Seminars and meetings, as the rest of the HTTP API in api.ts.
import type * as T from './api.gen.ts';
import { BASE, at, json, query, versioned } from './http.ts';

const POST = 'POST' as const;

export const eventsApi = {
    events: (want: { when: 'ahead' | 'past'; whose?: 'mine' | undefined; cursor?: string | undefined }, signal?: AbortSignal) =>
        json<T.EventPage>(query('/events', { ...want, limit: 20 }), at(signal)),
    event: (id: number, signal?: AbortSignal) => versioned<T.Event>(`/events/${id}`, at(signal)),
    eventPeople: (signal?: AbortSignal) => json<T.EventPeople>('/event-people', at(signal)),
    createEvent: (body: T.EventNew, key: string) => versioned<T.Event>('/events', { method: POST, body, key }),
    changeEvent: (id: number, etag: string, body: T.EventChange) => versioned<T.Event>(`/events/${id}`, { method: 'PUT', body, etag }),
    moveEvent: (id: number, etag: string, body: T.EventMove, key: string) => versioned<T.Event>(`/events/${id}/move`, { method: POST, body, etag, key }),
    cancelEvent: (id: number, etag: string, body: T.EventCancel, key: string) => versioned<T.Event>(`/events/${id}/cancel`, { method: POST, body, etag, key }),
    inviteToEvent: (id: number, body: T.EventInvitation, key: string) => versioned<T.Event>(`/events/${id}/invite`, { method: POST, body, key }),
    inviteChildToEvent: (id: number, body: T.EventChildInvitation, key: string) => versioned<T.Event>(`/events/${id}/invite-child`, { method: POST, body, key }),
    withdrawFromEvent: (id: number, body: T.EventWithdrawal, key: string) => versioned<T.Event>(`/events/${id}/withdraw`, { method: POST, body, key }),
    answerEvent: (id: number, body: T.EventReply, key: string) => versioned<T.Event>(`/events/${id}/answer`, { method: POST, body, key }),
    checkInToEvent: (id: number, key: string) => versioned<T.Event>(`/events/${id}/check-in`, { method: POST, key }),
    markEvent: (id: number, body: T.EventMarks, key: string) => versioned<T.Event>(`/events/${id}/attendance`, { method: POST, body, key }),
    writeEventMinutes: (id: number, etag: string, body: T.EventMinutesEdit) => versioned<T.Event>(`/events/${id}/minutes`, { method: 'PUT', body, etag }),
    freezeEvent: (id: number, etag: string, key: string) => versioned<T.Event>(`/events/${id}/minutes/freeze`, { method: POST, etag, key }),
    signEvent: (id: number, key: string) => versioned<T.Event>(`/events/${id}/minutes/sign`, { method: POST, key }),
    addToEvent: (id: number, body: T.EventAddendumNew, key: string) => versioned<T.Event>(`/events/${id}/minutes/addenda`, { method: POST, body, key }),
    eventFile: (id: number, what: 'agenda' | 'minutes') => `${BASE}/events/${id}/${what}.pdf`,
};
