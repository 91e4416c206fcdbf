// SPDX-License-Identifier: Apache-2.0
//
// The HTTP API as typed functions. One request, one answer; a refusal is thrown as `Refused` with the
// server's code, a lost network as `Offline`. It never retries and never chooses words.
import type * as T from './api.gen.ts';

export class Refused extends Error {
    constructor(readonly status: number, readonly error: T.ApiError) {
        super(error.code);
    }
}

export class Offline extends Error {}

/** An answer that carries a version, to be sent back with the next change. */
export interface Versioned<V> { value: V; etag: string }

interface Call {
    method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    body?: unknown;
    /** bytes instead of JSON */
    file?: Blob;
    etag?: string;
    key?: string;
    signal?: AbortSignal;
}

const BASE = '/api/v1';

async function send(path: string, call: Call): Promise<Response> {
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

async function json<V>(path: string, call: Call = {}): Promise<V> {
    return (await (await send(path, call)).json()) as V;
}

async function versioned<V>(path: string, call: Call = {}): Promise<Versioned<V>> {
    const response = await send(path, call);
    return { value: (await response.json()) as V, etag: response.headers.get('ETag') ?? '' };
}

function query(path: string, params: Record<string, string | number | undefined>): string {
    const set = Object.entries(params).filter(([, v]) => v !== undefined && v !== '');
    const text = new URLSearchParams(set.map(([k, v]) => [k, String(v)])).toString();
    return text ? `${path}?${text}` : path;
}

/** A key for one intended change: repeat the request with the same key and it happens once. */
export const changeKey = (): string => crypto.randomUUID();

const POST = 'POST' as const;
type Signal = AbortSignal | undefined;
const at = (signal: Signal): Call => (signal ? { signal } : {});

/** What an If-Match names of a row that carries its version. */
export interface Revision { id: number; version: number }
const versionTag = (version: number): string => `"v${version}"`;
const moveReferral = (r: Revision, move: string, key: string, body?: unknown) =>
    json<T.Referral>(`/referrals/${r.id}/${move}`, { method: POST, etag: versionTag(r.version), key, ...(body === undefined ? {} : { body }) });

export const api = {
    centre: (signal?: Signal) => json<T.PublicCentre>('/centre', at(signal)),
    session: (signal?: Signal) => json<T.Me>('/session', at(signal)),
    signIn: (body: T.SignIn) => json<T.Me>('/session', { method: POST, body }),
    signOut: async () => void (await send('/session', { method: 'DELETE' })),
    patchMe: (body: T.MePatch) => json<T.Me>('/me', { method: 'PATCH', body }),
    day: (date?: string, signal?: Signal) => json<T.Day>(query('/me/day', { date }), at(signal)),
    notToday: (body: T.NotToday) => json<T.Told>('/me/not-today', { method: POST, body }),
    ready: (body: T.ReadyCheck) => json<T.Told>('/me/ready', { method: POST, body }),
    pathTest: (body: T.PathFigures) => json<T.PathTest>('/me/path-tests', { method: POST, body }),
    pathTests: (signal?: Signal) => json<T.PathTests>('/path-tests', at(signal)),
    help: (body: T.HelpCall) => json<T.Told>('/me/help', { method: POST, body }),

    lesson: (id: number, signal?: Signal) => versioned<T.LessonFull>(`/lessons/${id}`, at(signal)),
    createLesson: (body: T.LessonNew, key: string) => versioned<T.LessonFull>('/lessons', { method: POST, body, key }),
    moveLesson: (id: number, etag: string, body: T.LessonMove, key: string) =>
        versioned<T.LessonFull>(`/lessons/${id}/move`, { method: POST, body, etag, key }),
    cancelLesson: (id: number, etag: string, body: T.LessonCancel, key: string) =>
        versioned<T.LessonFull>(`/lessons/${id}/cancel`, { method: POST, body, etag, key }),
    substitute: (id: number, etag: string, body: T.LessonSubstitute, key: string) =>
        versioned<T.LessonFull>(`/lessons/${id}/substitute`, { method: POST, body, etag, key }),
    putNote: (id: number, body: T.NoteEdit) => json<T.Note>(`/lessons/${id}/note`, { method: 'PUT', body }),

    attendance: (id: number, signal?: Signal) => json<T.Attendance>(`/lessons/${id}/attendance`, at(signal)),
    amend: (id: number, body: T.AmendmentNew, key: string) =>
        json<T.Attendance>(`/lessons/${id}/attendance/amendments`, { method: POST, body, key }),
    confirm: (id: number, body: T.ConfirmationNew) =>
        json<T.Confirmation>(`/lessons/${id}/confirmation`, { method: POST, body }),
    childLog: (child: number, month?: string, signal?: Signal) =>
        json<T.ChildLog>(query(`/children/${child}/log`, { month }), at(signal)),
    confirmMany: (child: number, lessons: number[]) =>
        json<T.Confirmed>(`/children/${child}/confirmations`, { method: POST, body: { lessons } }),

    board: (signal?: Signal) => json<T.Board>('/board', at(signal)),
    timetable: (date?: string, signal?: Signal) => json<T.Timetable>(query('/timetable', { date }), at(signal)),

    reports: (month?: string, cursor?: string, signal?: Signal) =>
        json<T.ReportPage>(query('/reports', { month, cursor, limit: 100 }), at(signal)),
    report: (id: string, signal?: Signal) => json<T.Report>(`/reports/${id}`, at(signal)),
    reportFile: (id: string, kind: 'csv' | 'pdf') => `${BASE}/reports/${id}.${kind}`,

    needReturns: (month: string, cursor?: string, signal?: Signal) =>
        json<T.NeedReturnPage>(query('/need-returns', { month, cursor, limit: 100 }), at(signal)),
    createNeedReturn: (body: T.NeedReturnNew, key: string) => json<T.NeedReturn>('/need-returns', { method: POST, body, key }),
    editNeedReturn: (id: number, version: number, body: T.NeedReturnCount) =>
        json<T.NeedReturn>(`/need-returns/${id}`, { method: 'PUT', body, etag: versionTag(version) }),
    referrals: (state?: T.ReferralState, cursor?: string, signal?: Signal) =>
        json<T.ReferralPage>(query('/referrals', { state, cursor, limit: 100 }), at(signal)),
    referral: (id: number, signal?: Signal) => json<T.Referral>(`/referrals/${id}`, at(signal)),
    createReferral: (body: T.ReferralPatch, key: string) => json<T.Referral>('/referrals', { method: POST, body, key }),
    patchReferral: (r: Revision, body: T.ReferralPatch) =>
        json<T.Referral>(`/referrals/${r.id}`, { method: 'PATCH', body, etag: versionTag(r.version) }),
    submitReferral: (r: Revision, key: string) => moveReferral(r, 'submit', key),
    withdrawReferral: (r: Revision, body: T.Withdrawal, key: string) => moveReferral(r, 'withdraw', key, body),
    takeReferral: (r: Revision, key: string) => moveReferral(r, 'take', key),
    askReferral: (r: Revision, body: T.ReferralAsk, key: string) => moveReferral(r, 'ask', key, body),
    decideReferral: (r: Revision, body: T.Decision, key: string) => moveReferral(r, 'decide', key, body),
    sendScan: (id: number, kind: T.ScanKind, file: Blob) => json<T.Referral>(query(`/referrals/${id}/scans`, { kind }), { method: POST, file }),
    openScan: async (id: number, body: T.ScanOpen) => (await send(`/referrals/${id}/scans/open`, { method: POST, body })).blob(),
    readMedical: (id: number, body: T.MedicalWhy) => json<T.Medical>(`/referrals/${id}/medical`, { method: POST, body }),
    intakeQueue: (cursor?: string, signal?: Signal) => json<T.ReferralPage>(query('/intake/queue', { cursor, limit: 100 }), at(signal)),
    decisionTimes: (month: string, signal?: Signal) => json<T.DecisionTimes>(query('/intake/decisions', { month }), at(signal)),
    childRegister: (q: string, expiring: boolean, cursor?: string, signal?: Signal) =>
        json<T.RegisterPage>(query('/child-register', { q, expiring: expiring ? 'yes' : undefined, cursor, limit: 50 }), at(signal)),
    childLimits: (child: number, signal?: Signal) => json<T.ChildLimits>(`/children/${child}/limits`, at(signal)),
    childCase: (child: number, signal?: Signal) => json<T.ChildCase>(`/children/${child}/case`, at(signal)),
    closeCase: (child: number, body: T.CaseClose, key: string) => json<T.ChildCase>(`/children/${child}/case/close`, { method: POST, body, key }),

    children: (q?: string, cursor?: string, signal?: Signal) =>
        json<T.ChildPage>(query('/children', { q, cursor, limit: 100 }), at(signal)),
    mentors: (q?: string, cursor?: string, signal?: Signal) =>
        json<T.MentorPage>(query('/mentors', { q, cursor, limit: 100 }), at(signal)),
    subjects: (signal?: Signal) => json<T.SubjectList>('/subjects', at(signal)),
};
