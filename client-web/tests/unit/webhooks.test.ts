// SPDX-License-Identifier: Apache-2.0
//
// Other programs: what a receiver is called, a slip in its address, pausing it changes nothing else.
import { describe, expect, it } from 'vitest';
import type { Webhook } from '../../src/core/api.gen.ts';
import { hostOf, inState, looksLikeHook } from '../../src/core/webhooks.ts';
import { parseRoute, routeAddress } from '../../src/core/route.ts';

describe('webhooks', () => {
    it('calls a receiver by its host', () => {
        expect(hostOf('https://school.example:8443/secret?x=1')).toBe('school.example:8443');
        expect(hostOf('https://school.example#a')).toBe('school.example');
        expect(hostOf('school.example')).toBe('school.example');
    });
    it('sees a slip of the finger', () => {
        for (const good of ['https://a.example', ' https://a.example/x?y ']) expect(looksLikeHook(good)).toBe(true);
        for (const bad of ['', 'https://', 'http://a.example', 'https://a b', 'https://me@a.example', 'https://a.example/#x']) expect(looksLikeHook(bad)).toBe(false);
    });
    it('has a page of its own, and one for each', () => {
        for (const address of ['/webhooks', '/webhooks/12']) expect(routeAddress(parseRoute(address))).toBe(address);
        expect(parseRoute('/webhooks/x')).toEqual({ at: 'webhooks' });
    });
    it('pauses with the same address and events', () => {
        const hook: Webhook = {
            id: 3, version: 7, url: 'https://a.example/', state: 'on', events: ['lesson.held'], fails: 0, failing_since: null,
            old_secret_until: null, created: 1, waiting: 0, failed: 0,
        };
        expect(inState(hook, 'paused')).toEqual({ url: 'https://a.example/', events: ['lesson.held'], state: 'paused' });
    });
});
