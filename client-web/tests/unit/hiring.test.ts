// SPDX-License-Identifier: Apache-2.0
//
// How documents and applications stand, and whose turn it is.
import { describe, expect, it } from 'vitest';
import type { Application, ApplicationState, HiringFile, StaffDocument } from '../../src/core/api.gen.ts';
import { actionsOf, documentRows, documentState, FILE_BYTES_MAX, fileFault, holder, stations } from '../../src/core/hiring.ts';
import { parseRoute, routeAddress, type Route } from '../../src/core/route.ts';

const document = (more: Partial<StaffDocument> = {}): StaffDocument => ({
    id: 1, kind: 'work_book', type: 'pdf', bytes: 10, issued: '2026-01-01', expires: null, original_seen: false, verified_by: null, verified_at: null,
    returned_by: null, returned_at: null, reason: null, sent_at: 1, ...more,
});
const application = (state: ApplicationState): Application => ({ id: 1, school: { id: 3, name: 'S', tz: 'Europe/Moscow' }, state, since: 1, reason: null, rev: 1, order: null });

describe('a file before it is sent', () => {
    it.each([
        ['application/pdf', 5, null], ['image/png', 5, null], ['image/jpeg', 5, null], ['', 5, null], // no type: the server looks at the content
        ['text/plain', 5, 'type'], ['application/pdf', 0, 'empty'], ['application/pdf', FILE_BYTES_MAX, null], ['application/pdf', FILE_BYTES_MAX + 1, 'size'],
    ])('%s of %i bytes: %s', (type, size, fault) => { expect(fileFault({ type, size })).toBe(fault); });
});

describe('a document', () => {
    it.each([
        [undefined, 'missing'], [document(), 'waiting'], [document({ verified_at: 2 }), 'verified'], [document({ returned_at: 2 }), 'returned'],
        [document({ verified_at: 2, expires: '2026-11-22' }), 'expired'], [document({ verified_at: 2, expires: '2026-11-23' }), 'verified'], // its last day counts
        [document({ returned_at: 2, expires: '2026-11-22' }), 'returned'],
    ])('%#', (d, state) => { expect(documentState(d, '2026-11-23')).toBe(state); });

    it('is shown once a kind, the newest one; awards all', () => {
        const file = { documents: [document({ id: 9 }), document({ id: 8, returned_at: 1 }), document({ id: 7, kind: 'award' }), document({ id: 6, kind: 'award' })] } as HiringFile;
        expect(documentRows(file).map((r) => r.document?.id)).toEqual([9, undefined, undefined, undefined, undefined, 7, 6]);
    });
});

describe('an application', () => {
    it('stands at one station, with what is done before it', () => {
        expect(stations('recommended').map((s) => s.state)).toEqual(['done', 'done', 'now', 'later', 'later', 'later']);
        expect(stations('returned').map((s) => s.state)).toEqual(['back', 'later', 'later', 'later', 'later', 'later']);
        expect(stations('employed').map((s) => s.state)).toEqual(['done', 'done', 'done', 'done', 'done', 'done']);
        expect(stations('suspended').at(-1)?.state).toBe('back');
        expect(stations('ended').every((s) => s.state === 'later')).toBe(true);
    });

    it.each([['draft', 'mentor'], ['verification', 'centre'], ['recommended', 'school'], ['order_issued', 'mentor'], ['acquainted', 'time'], ['employed', 'nobody'], ['suspended', 'centre']] as const)(
        '%s is held by %s', (state, who) => { expect(holder(state)).toBe(who); });

    it.each([
        ['mentor', true, 'documents', ['submit', 'end']], ['mentor', true, 'returned', ['submit', 'end']], ['mentor', true, 'order_issued', ['acquaint']], ['mentor', true, 'employed', []],
        ['coordinator', false, 'verification', ['recommend', 'return', 'end']], ['coordinator', false, 'employed', ['suspend', 'end']], ['coordinator', false, 'ended', []],
        ['school_officer', false, 'recommended', ['order']], ['school_officer', false, 'verification', []], ['school_officer', false, 'employed', ['end']], ['guardian', false, 'recommended', []],
        ['coordinator', true, 'verification', ['end']], // one's own application is nobody else's step
    ] as const)('%s (own %s) at %s may %j', (role, own, state, may) => { expect(actionsOf(application(state), role, own)).toEqual(may); });
});

describe('addresses', () => {
    it.each<[string, Route]>([
        ['/mentors', { at: 'mentors' }], ['/mentor/15', { at: 'mentor', id: 15 }], ['/mentor/x', { at: 'home' }], ['/mentor', { at: 'home' }],
        ['/can-teach/15', { at: 'can_teach', mentor: 15, child: null }], ['/can-teach/15?child=40', { at: 'can_teach', mentor: 15, child: 40 }],
        ['/can-teach/15?child=0', { at: 'can_teach', mentor: 15, child: null }],
    ])('%s', (address, route) => { expect(parseRoute(address)).toEqual(route); });

    it('go both ways', () => {
        for (const r of [{ at: 'mentors' }, { at: 'mentor', id: 15 }, { at: 'can_teach', mentor: 15, child: 40 }, { at: 'can_teach', mentor: 15, child: null }] satisfies Route[])
            expect(parseRoute(routeAddress(r))).toEqual(r);
    });
});
