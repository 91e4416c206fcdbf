// SPDX-License-Identifier: Apache-2.0
//
// The path test of the ready check: tried when the page opens and again when asked. The figures go to
// the server, which answers what they mean and keeps it for the coordinator. `result` resolves also
// after the page has gone.
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, Refused } from '../core/api.ts';
import type { PathFigures, PathTest } from '../core/api.gen.ts';
import { devicesOf, UNKNOWN_DEVICES, type Devices } from '../core/devices.ts';
import { socketUrl, testPath } from '../core/probe.ts';
import { wayMemory } from '../core/way.ts';

/** `none`: the server is not reached. `later`: it does not measure now. */
export type WayFound = { kind: 'told'; test: PathTest } | { kind: 'none' } | { kind: 'later' };
export interface Way { found: WayFound | null; result: () => Promise<WayFound>; retry: () => void }

async function permission(name: string): Promise<PermissionState | undefined> {
    try {
        return (await navigator.permissions.query({ name: name as PermissionName })).state;
    } catch {
        return undefined; // a browser that cannot tell
    }
}

async function findDevices(): Promise<Devices> {
    try {
        const list = await navigator.mediaDevices.enumerateDevices();
        return devicesOf(list.map((d) => d.kind), { microphone: await permission('microphone'), camera: await permission('camera') });
    } catch {
        return UNKNOWN_DEVICES;
    }
}

/** A steady soft tone that is sent and never played: silence would not be sent at all. */
function quietVoice(): { track: () => MediaStreamTrack | null; stop: () => void } {
    let context: AudioContext | null = null;
    const track = (): MediaStreamTrack | null => {
        context = new AudioContext();
        const tone = context.createOscillator();
        const gain = context.createGain();
        const out = context.createMediaStreamDestination();
        gain.gain.value = 0.05;
        tone.connect(gain).connect(out);
        tone.start();
        return out.stream.getAudioTracks()[0] ?? null;
    };
    return { track, stop: () => { void context?.close(); } };
}

async function test(): Promise<WayFound> {
    const voice = quietVoice();
    const [way, devices] = await Promise.all([testPath(socketUrl(location.origin), voice.track), findDevices()]);
    voice.stop();
    if (way.kind === 'later') return way;
    const { loss_permille: loss, ...measure } = way.kind === 'measured' ? way.measure : { loss_permille: null, udp: false, websocket: false };
    if (measure.websocket || measure.udp) wayMemory(sessionStorage).write(measure.udp ? 'udp' : 'frames'); // the lesson begins with it
    const figures: PathFigures = { ...measure, ...devices, ...(loss === null || !measure.udp ? {} : { loss_permille: loss }) };
    try {
        return { kind: 'told', test: await api.pathTest(figures) };
    } catch (error) {
        return { kind: error instanceof Refused && error.error.code === 'too_many' ? 'later' : 'none' };
    }
}

export function useWay(): Way {
    const [found, setFound] = useState<WayFound | null>(null);
    const [turn, setTurn] = useState(0);
    const running = useRef<Promise<WayFound>>(Promise.resolve({ kind: 'none' }));
    useEffect(() => {
        let current = true;
        running.current = test();
        void running.current.then((r) => { if (current) setFound(r); });
        return () => { current = false; };
    }, [turn]);
    const retry = useCallback(() => { setFound(null); setTurn((n) => n + 1); }, []);
    const result = useCallback(() => running.current, []);
    return { found, result, retry };
}
