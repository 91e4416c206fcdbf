// SPDX-License-Identifier: Apache-2.0
//
// What each refusal at a lesson's door lets a person do: wait for a time, try again, move the seat
// here, go to one's own day, call, or sign in.
export const DOOR_CODES = ['too_early', 'ended', 'not_yours', 'cancelled', 'moved', 'right_ended', 'consent', 'back_off', 'full', 'not_ready',
    'unavailable', 'seat_taken', 'taken_over', 'no_login', 'browser_old'] as const;
export type DoorCode = (typeof DOOR_CODES)[number];

export type WayOn = 'wait' | 'retry' | 'here' | 'day' | 'call' | 'sign_in';

export const WAY_ON: Record<DoorCode, WayOn> = {
    too_early: 'wait', ended: 'day', not_yours: 'day', cancelled: 'day', moved: 'day', right_ended: 'call', consent: 'call', back_off: 'wait',
    full: 'retry', not_ready: 'day', unavailable: 'retry', seat_taken: 'here', taken_over: 'here', no_login: 'sign_in', browser_old: 'day',
};
