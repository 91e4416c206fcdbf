// SPDX-License-Identifier: Apache-2.0
//
// The HTTP API as typed functions. One request, one answer; a refusal is thrown as `Refused` with the
// server's code, a lost network as `Offline`. It never retries and never chooses words.
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

interface Call {
    method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    body?: unknown;
    etag?: string;
    key?: string;
    signal?: AbortSignal;
}

const BASE = '/api/v1';

async function send(path: string, call: Call): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (call.body !== undefined) headers['Content-Type'] = 'application/json';
    if (call.etag) headers['If-Match'] = call.etag;
    if (call.key) headers['Idempotency-Key'] = call.key;
    const response = await fetch(BASE + path, {
        method: call.method ?? 'GET',
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        body: call.body === undefined ? null : JSON.stringify(call.body),
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

async function upload<V>(path: string, file: Blob, told: (part: number) => void): Promise<V> {
    const { status, value } = await sendBytes(BASE + path, file, told).catch((cause: unknown) => { throw new Offline('offline', { cause }); });
    if (status < 300) return value as V;
    throw new Refused(status, (value as T.Refusal | null)?.error ?? { code: status === 413 ? 'too_large' : status >= 500 ? 'unavailable' : 'internal' });
}

/** A key for one intended change: repeat the request with the same key and it happens once. */
export const changeKey = (): string => crypto.randomUUID();

const POST = 'POST' as const;
type Signal = AbortSignal | undefined;
const at = (signal: Signal): Call => (signal ? { signal } : {});

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

    children: (q?: string, cursor?: string, signal?: Signal) =>
        json<T.ChildPage>(query('/children', { q, cursor, limit: 100 }), at(signal)),
    mentors: (q?: string, cursor?: string, signal?: Signal) =>
        json<T.MentorPage>(query('/mentors', { q, cursor, limit: 100 }), at(signal)),

    mentorPapers: (q?: string, cursor?: string, signal?: Signal) =>
        json<T.MentorPapersPage>(query('/mentor-papers', { q, cursor, limit: 100 }), at(signal)),
    expiries: (signal?: Signal) => json<{ items: T.Expiry[] }>('/expiries', at(signal)),
    hiring: (mentor: number, signal?: Signal) => json<T.HiringFile>(`/mentors/${mentor}/hiring`, at(signal)),
    sendDocument: (mentor: number, of: { kind: T.DocumentKind; issued: string; expires?: string }, file: Blob, told: (part: number) => void) =>
        upload<T.HiringFile>(query(`/mentors/${mentor}/documents`, of), file, told),
    documentFile: (id: number) => `${BASE}/documents/${id}/file`,
    verifyDocument: (id: number, body: T.DocumentVerify, key: string) => json<T.HiringFile>(`/documents/${id}/verify`, { method: POST, body, key }),
    returnDocument: (id: number, body: T.DocumentReturn, key: string) => json<T.HiringFile>(`/documents/${id}/return`, { method: POST, body, key }),
    addTraining: (mentor: number, body: T.TrainingNew, key: string) => json<T.HiringFile>(`/mentors/${mentor}/trainings`, { method: POST, body, key }),
    addQualification: (mentor: number, body: T.QualificationNew, key: string) => json<T.HiringFile>(`/mentors/${mentor}/qualifications`, { method: POST, body, key }),
    addInterview: (mentor: number, body: T.InterviewNew, key: string) => json<T.HiringFile>(`/mentors/${mentor}/interviews`, { method: POST, body, key }),
    addIntroduction: (mentor: number, body: T.IntroductionNew, key: string) => json<T.HiringFile>(`/mentors/${mentor}/introductions`, { method: POST, body, key }),
    verifyPaper: (of: 'trainings' | 'qualifications', id: number, key: string) => json<T.HiringFile>(`/${of}/${id}/verify`, { method: POST, body: {}, key }),
    apply: (mentor: number, school: number, key: string) => json<T.HiringFile>(`/mentors/${mentor}/applications`, { method: POST, body: { school }, key }),
    stepApplication: (id: number, rev: number, body: T.ApplicationStep, key: string) =>
        json<T.HiringFile>(`/applications/${id}/step`, { method: POST, body, etag: `"v${rev}"`, key }),
    issueOrder: (id: number, rev: number, body: T.OrderNew, key: string) =>
        json<T.HiringFile>(`/applications/${id}/order`, { method: POST, body, etag: `"v${rev}"`, key }),
    orderFile: (id: number) => `${BASE}/applications/${id}/order.pdf`,
    canTeach: (mentor: number, of: { child: number; subject: string; at: number }, signal?: Signal) =>
        json<T.TeachVerdict>(query(`/mentors/${mentor}/can-teach`, of), at(signal)),
    needsSubstitute: (signal?: Signal) => json<{ items: T.Lesson[] }>('/needs-substitute', at(signal)),
    substitutes: (lesson: number, signal?: Signal) => json<{ items: T.SubstituteOffer[] }>(`/lessons/${lesson}/substitutes`, at(signal)),
    moveChild: (child: number, body: T.ChildMoveNew, key: string) => json<T.ChildMoved>(`/children/${child}/school`, { method: POST, body, key }),
    childMoves: (signal?: Signal) => json<T.ChildMoves>('/child-moves', at(signal)),

    importList: (kind: T.ImportKind, apply: boolean, file: Blob, told: (part: number) => void) =>
        upload<T.ImportResult>(query('/imports', { kind, apply: String(apply) }), file, told),
    importTemplate: (kind: T.ImportKind) => `${BASE}/imports/template?kind=${kind}`,
    exportOneRoster: `${BASE}/exports/oneroster.zip`,
    subjects: (signal?: Signal) => json<T.SubjectList>('/subjects', at(signal)),
};
