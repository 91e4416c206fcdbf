// SPDX-License-Identifier: Apache-2.0
//
// Which way the media of a seat takes: UDP first, the WebSocket where UDP does not get through, and back.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakePeer, FakeReceiver, settle } from './fakes.ts';
import { WaysLab } from './ways-lab.ts';

describe('the way of the media', () => {
    let lab: WaysLab;

    beforeEach(() => {
        vi.stubGlobal('RTCPeerConnection', FakePeer);
        vi.stubGlobal('RTCRtpReceiver', FakeReceiver);
        FakePeer.all = [];
        lab = new WaysLab();
    });
    afterEach(() => {
        lab.session.dispose();
        expect(lab.faults).toEqual([]);
        expect(lab.world.waiting, 'no timer is left').toBe(0);
        vi.unstubAllGlobals();
    });

    it('a voice and a camera that are to make less do so', async () => {
        lab.begin();
        await lab.sit();
        await lab.answer();
        lab.world.last.hear({ type: 'rates', voice: 16000, camera: 0 });
        await settle();
        expect(FakePeer.last.voiceMost).toBe(16000);
        lab.world.last.hear({ type: 'rates', voice: 0, camera: 0 });
        await settle();
        expect(FakePeer.last.voiceMost).toBeUndefined();
        expect(FakePeer.last.cameraMost).toEqual([150_000, 700_000]);
        lab.world.last.hear({ type: 'rates', voice: 0, camera: 90_000 });
        lab.world.last.hear({ type: 'layers', camera: 1 });
        await settle();
        expect(FakePeer.last.cameraMost).toEqual([90_000, 90_000]);
        expect(FakePeer.last.cameraOn).toEqual([true, false]);
        lab.world.last.hear({ type: 'rates', voice: 16_000, camera: 1 });
        await settle();
        expect(FakePeer.last.cameraOn).toEqual([false, false]);
        lab.world.last.hear({ type: 'rates', voice: 0, camera: 0 });
        await settle();
        expect([FakePeer.last.cameraOn, FakePeer.last.cameraMost]).toEqual([[true, false], [150_000, 700_000]]);
    });

    it('is UDP where it connects in time', async () => {
        lab.begin();
        await lab.sit();
        await lab.answer();
        FakePeer.last.become('connecting');
        lab.pass(1_000);
        FakePeer.last.become('connected');
        await lab.flow(60_000, true);
        expect([lab.world.last.types.includes('frames'), lab.view?.way, lab.looks, lab.links.map((l) => l.did)]).toEqual([false, 'udp', 0, [['close']]]);
    });
    it('is the WebSocket soon after an answer that led nowhere, on the same line, made ready meanwhile', async () => {
        lab.begin();
        await lab.session.setSource('mic', { kind: 'audio' } as MediaStreamTrack);
        await lab.sit();
        await lab.answer();
        FakePeer.last.become('connecting');
        lab.pass(1_000);
        expect([lab.world.last.types.includes('frames'), lab.links.length]).toEqual([false, 1]);
        lab.pass(500);
        expect(lab.world.last.types.filter((t) => t === 'frames')).toEqual(['frames']);
        expect([lab.world.sockets.length, FakePeer.last.connectionState, lab.way]).toEqual([1, 'closed', 'frames']);
        lab.world.last.hear({ type: 'frames' });
        lab.world.last.hear({ type: 'slots', slots: [{ mid: '0', member: 2 }] });
        lab.world.last.hear({ type: 'key_frame', source: 'camera' });
        expect(lab.links[0]?.did).toEqual(['mic', 'begin', 'slots 1', 'key camera']);
        expect([lab.view?.link, lab.view?.way, lab.view?.lesson.phase]).toEqual(['connected', 'frames', 'seated']);
    });
    it('is the WebSocket at once where a reload finds that UDP had failed', async () => {
        lab.way = 'frames';
        lab.begin();
        await lab.sit();
        expect([lab.world.last.types, FakePeer.all.length]).toEqual([['join', 'frames', 'state'], 0]);
        lab.world.last.hear({ type: 'frames' });
        lab.pass(39_500);
        expect(lab.looks).toBe(0);
        lab.pass(1_000);
        expect(lab.looks).toBe(1);
    });
    // Sound card and worklets are the slowest part of a beginning: behind an outage they are there already.
    it('goes on with the same sound and pictures on another line', async () => {
        lab.way = 'frames';
        lab.begin();
        await lab.sit();
        lab.world.last.hear({ type: 'frames' });
        lab.world.last.hear({ type: 'slots', slots: [{ mid: '0', member: 2 }] });
        lab.world.last.die();
        lab.world.pass(1_000);
        await lab.sit();
        expect([lab.links.length, lab.view?.link]).toEqual([1, 'new']);
        lab.world.last.hear({ type: 'frames' });
        expect([lab.links[0]?.did, lab.view?.link, lab.world.sockets.length]).toEqual([['begin', 'slots 1', 'again', 'begin'], 'connected', 2]);
    });
    it('waits for the keys where the first check came back', async () => {
        lab.begin();
        await lab.sit();
        await lab.answer();
        FakePeer.last.reach();
        lab.pass(2_500);
        expect(lab.world.last.types).not.toContain('frames');
        lab.pass(500);
        expect(lab.world.last.types).toContain('frames');
    });
    it('does not wait at all where UDP was found shut while the mentor was waited for', async () => {
        lab.begin();
        await lab.sit();
        lab.pass(10_000);
        await settle();
        expect([lab.looks, lab.world.last.types.includes('frames'), lab.links.length]).toEqual([1, false, 1]);
        await lab.answer();
        expect([lab.world.last.types.includes('frames'), lab.links.length]).toEqual([true, 1]);
    });
    it('is tried by UDP where that was found open while the mentor was waited for', async () => {
        lab.udpOpen = true;
        lab.begin();
        await lab.sit();
        lab.pass(10_000);
        await settle();
        await lab.answer();
        FakePeer.last.become('connected');
        expect([lab.looks, lab.links.length, lab.view?.way]).toEqual([1, 0, 'udp']);
    });
    it('does not wait where UDP says no by itself', async () => {
        lab.begin();
        await lab.sit();
        await lab.answer();
        FakePeer.last.become('failed');
        expect(lab.world.last.types).toContain('frames');
    });
    it('looks for UDP soon, then ever more seldom, and at once when the network changes', async () => {
        lab.begin();
        await lab.fallBack();
        lab.pass(7_000);
        await settle();
        expect(lab.looks).toBe(1);
        lab.pass(39_500);
        await settle();
        expect(lab.looks).toBe(1);
        lab.pass(1_000);
        await settle();
        expect(lab.looks).toBe(2);
        lab.session.wake();
        lab.pass(1_000);
        await settle();
        expect([lab.looks, lab.view?.way]).toEqual([3, 'frames']);
    });
    it('goes back to UDP when that has opened, on the same line; what is shown stays until the new slots', async () => {
        lab.begin();
        await lab.fallBack();
        lab.world.last.hear({ type: 'slots', slots: [{ mid: '2', member: 2 }] });
        lab.udpOpen = true;
        lab.session.wake();
        lab.pass(1_000);
        await settle();
        expect(lab.world.last.types.filter((t) => t === 'offer').length).toBe(2);
        expect(lab.session.lineOf('2')).toBe('video'); // still of the other one
        await lab.answer();
        FakePeer.last.become('connected');
        lab.world.last.hear({ type: 'slots', slots: [{ mid: '5', member: 2 }] });
        expect([lab.world.sockets.length, lab.view?.way, lab.way, lab.session.lineOf('5'), lab.links[0]?.did.at(-1)]).toEqual([1, 'udp', 'udp', 'video', 'close']);
        await lab.flow(100_000, true);
        expect(lab.looks).toBe(1);
    });
    it('is the WebSocket again where UDP looked open and was not', async () => {
        lab.begin();
        await lab.fallBack();
        lab.udpOpen = true;
        lab.session.wake();
        lab.pass(1_000);
        await settle();
        await lab.answer();
        lab.pass(1_500);
        expect([lab.world.last.types.filter((t) => t === 'frames').length, lab.view?.way]).toEqual([2, 'frames']);
    });
    it('changes to the WebSocket when UDP dies in the middle of the lesson and the line lives', async () => {
        lab.begin();
        await lab.sit();
        await lab.answer();
        FakePeer.last.become('connected');
        lab.pass(10_000);
        FakePeer.last.become('disconnected');
        lab.pass(1_500);
        expect([lab.world.last.types.includes('frames'), lab.world.sockets.length]).toEqual([true, 1]);
    });
    it('changes within some two seconds where nothing comes by UDP and the line lives, long before the browser tells', async () => {
        lab.begin();
        await lab.onUdp();
        await lab.flow(10_000, true);
        await lab.flow(1_500, false);
        expect(lab.view?.way).toBe('udp');
        await lab.flow(1_000, false);
        expect([lab.view?.way, lab.world.last.types.at(-1), lab.world.sockets.length]).toEqual(['frames', 'frames', 1]);
    });
    it('makes a new offer by UDP first where the network has just changed', async () => {
        lab.begin();
        await lab.onUdp();
        await lab.flow(10_000, true);
        lab.session.wake();
        await lab.flow(2_000, false);
        expect([lab.view?.way, lab.world.last.types.filter((t) => t === 'offer').length, lab.world.sockets.length]).toEqual(['udp', 2, 1]);
    });
    it('looks later for UDP each time it has died', async () => {
        lab.begin();
        await lab.onUdp();
        await lab.flow(10_000, true);
        for (const [death, looked] of [[0, 40_000], [1, 80_000]] as const) {
            await lab.flow(2_500, false);
            lab.world.last.hear({ type: 'frames' });
            const before = lab.looks;
            lab.udpOpen = true;
            lab.pass(looked - 500);
            await settle();
            expect([death, lab.looks - before]).toEqual([death, 0]);
            lab.pass(1_000);
            await settle();
            expect([death, lab.looks - before]).toEqual([death, 1]);
            await lab.answer();
            FakePeer.last.become('connected');
            await lab.flow(3_000, true);
        }
    });
    it('takes another line when both are dead, and says soon that nothing comes', async () => {
        lab.begin();
        await lab.onUdp();
        await lab.flow(2_000, true);
        for (let i = 0; i < 6; i++) { lab.world.pass(500); await settle(); }
        expect([lab.view?.stalled, lab.view?.way, lab.world.sockets.length]).toEqual([true, 'udp', 1]);
        for (let i = 0; i < 5; i++) { lab.world.pass(500); await settle(); }
        expect([lab.world.sockets.length, lab.world.sockets[0]?.types.includes('frames'), lab.view?.way]).toEqual([2, false, 'udp']);
    });
    it('lets media by UDP go on where only the line is dead', async () => {
        lab.begin();
        await lab.onUdp();
        for (let i = 0; i < 24; i++) {
            FakePeer.last.stats = [{ type: 'candidate-pair', nominated: true, bytesReceived: ++lab.bytes }];
            lab.world.pass(500);
            await settle();
        }
        expect([lab.view?.lesson.phase, lab.view?.flows, lab.view?.stalled, lab.world.sockets.length > 1, FakePeer.all.length]).toEqual(['reconnecting', true, false, true, 1]);
    });
    it('says what is missing, and stays with UDP where nothing else is possible', async () => {
        lab.possible = false;
        lab.begin();
        await lab.sit();
        await lab.answer();
        lab.pass(1_500);
        expect([lab.world.last.types.includes('frames'), lab.view?.lack]).toEqual([false, null]); // a slow line is no shut one
        lab.pass(4_000);
        expect([lab.world.last.types.includes('frames'), lab.view?.lack]).toEqual([false, 'nothing_works']);
        FakePeer.last.become('connected');
        expect(lab.view?.lack).toBeNull();
    });
    it('says what is missing of the WebSocket while it is in use', async () => {
        lab.lack = 'not_seen';
        lab.begin();
        await lab.fallBack();
        expect(lab.view?.lack).toBe('not_seen');
    });
    it('takes another line when the server refuses', async () => {
        lab.begin();
        await lab.fallBack();
        lab.world.last.hear({ type: 'error', code: 'not_now', re: 'frames', field: '', detail: '' });
        expect(lab.world.sockets.length).toBe(2);
    });
});
