// SPDX-License-Identifier: Apache-2.0
//
// How a document and an application stand, and whose turn it is: what the pages of hiring are drawn
// from. The server decides what may be done; this only puts it into an order.
import type { Application, ApplicationState, DocumentKind, HiringFile, Role, StaffDocument } from './api.gen.ts';

export const KINDS: readonly DocumentKind[] = ['work_book', 'application', 'no_record', 'course', 'rating_sheet', 'award'];
export const REQUIRED: readonly DocumentKind[] = KINDS.filter((k) => k !== 'award');

export const FILE_BYTES_MAX = 10_485_760;
const TYPES = ['application/pdf', 'image/png', 'image/jpeg'];

export type FileFault = 'type' | 'size' | 'empty';
/** What the browser itself can see: the server looks at the content. */
export function fileFault(file: { type: string; size: number }): FileFault | null {
    if (file.size === 0) return 'empty';
    if (file.size > FILE_BYTES_MAX) return 'size';
    return file.type === '' || TYPES.includes(file.type) ? null : 'type';
}

export type DocumentState = 'missing' | 'waiting' | 'verified' | 'returned' | 'expired';
/** today: the centre's calendar day */
export function documentState(d: StaffDocument | undefined, today: string): DocumentState {
    if (!d) return 'missing';
    if (d.returned_at !== null) return 'returned';
    if (d.expires !== null && d.expires < today) return 'expired';
    return d.verified_at !== null ? 'verified' : 'waiting';
}

/** By kind the newest one, and of awards all. */
export function documentRows(file: HiringFile): { kind: DocumentKind; document: StaffDocument | undefined }[] {
    return KINDS.flatMap((kind) => {
        const of = file.documents.filter((d) => d.kind === kind);
        return kind === 'award' && of.length > 0 ? of.map((document) => ({ kind, document })) : [{ kind, document: of[0] }];
    });
}

/** The stations of an application in their order; where it stands is the state's own name. */
export const STATIONS = ['documents', 'verification', 'recommended', 'order_issued', 'acquainted', 'employed'] as const;
export type Station = (typeof STATIONS)[number];
export type StationState = 'done' | 'now' | 'back' | 'later';

const AT: Record<ApplicationState, number> = {
    draft: 0, documents: 0, returned: 0, verification: 1, recommended: 2, order_issued: 3, acquainted: 4, employed: 5, suspended: 5, ended: 6,
};

export function stations(state: ApplicationState): { station: Station; state: StationState }[] {
    const at = AT[state];
    return STATIONS.map((station, i) => ({
        station,
        state: state === 'ended' ? 'later' : i < at || (i === at && state === 'employed') ? 'done'
            : i > at ? 'later' : state === 'returned' || state === 'suspended' ? 'back' : 'now',
    }));
}

export type Holder = 'mentor' | 'centre' | 'school' | 'time' | 'nobody';
export function holder(state: ApplicationState): Holder {
    switch (state) {
        case 'draft': case 'documents': case 'returned': case 'order_issued': return 'mentor';
        case 'verification': case 'suspended': return 'centre';
        case 'recommended': return 'school';
        case 'acquainted': return 'time';
        case 'employed': case 'ended': return 'nobody';
    }
}

export type StepAction = 'begin' | 'submit' | 'acquaint' | 'recommend' | 'return' | 'order' | 'suspend' | 'resume' | 'end';
export const NEEDS_REASON: readonly StepAction[] = ['return', 'suspend', 'end'];

/** What this person may do with it now; the first one is the way on. */
export function actionsOf(a: Application, role: Role, own: boolean): StepAction[] {
    const after = AT[a.state] >= 3 && a.state !== 'ended';
    if (own) {
        const way: Partial<Record<ApplicationState, StepAction>> = { draft: 'begin', documents: 'submit', returned: 'submit', order_issued: 'acquaint' };
        const first = way[a.state];
        return [...(first ? [first] : []), ...(AT[a.state] < 3 ? ['end' as const] : [])];
    }
    if (role === 'coordinator') {
        const way: Partial<Record<ApplicationState, StepAction[]>> = { draft: ['begin'], verification: ['recommend', 'return'], employed: ['suspend'], suspended: ['resume'] };
        return [...(way[a.state] ?? []), ...(a.state === 'ended' ? [] : ['end' as const])];
    }
    if (role === 'school_officer') return [...(a.state === 'recommended' ? ['order' as const] : []), ...(after ? ['end' as const] : [])];
    return [];
}
