// SPDX-License-Identifier: Apache-2.0
//
// Which kinds of devices there are, without their names: what a path test tells of them. Pure.
import type { Device } from './api.gen.ts';

export interface Devices { microphone: Device; camera: Device; loudspeaker: Device }
/** As navigator.permissions tells; undefined where it cannot. */
export interface Allowed { microphone?: PermissionState | undefined; camera?: PermissionState | undefined }

export const UNKNOWN_DEVICES: Devices = { microphone: 'unknown', camera: 'unknown', loudspeaker: 'unknown' };

export function devicesOf(kinds: readonly string[], allowed: Allowed): Devices {
    const has = (kind: string): boolean => kinds.includes(kind);
    const input = (kind: string, state: PermissionState | undefined): Device => (!has(kind) ? 'missing' : state === 'denied' ? 'blocked' : 'present');
    return {
        microphone: input('audioinput', allowed.microphone),
        camera: input('videoinput', allowed.camera),
        // Several browsers never list loudspeakers: none listed says nothing.
        loudspeaker: has('audiooutput') ? 'present' : 'unknown',
    };
}
