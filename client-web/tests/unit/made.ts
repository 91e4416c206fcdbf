// SPDX-License-Identifier: Apache-2.0
import type { Member, Seat, ServerMessage } from '../../src/core/protocol.gen.ts';

type Joined = Extract<ServerMessage, { type: 'joined' }>;

export const member = (id: number, seat: Seat, more: Partial<Member> = {}): Member =>
    ({ id, name: id === 1 ? 'Misha' : `person ${id}`, seat, animal: 'fox', present: true, mic: false, camera: false, screen: false, hand: false, resting: false, ...more });

export const joined = (more: Partial<Joined> = {}): Joined => ({
    type: 'joined',
    lesson: { id: 310, subject: 'maths', kind: 'lesson', start: 600_000, end: 3_000_000, opens: 0, closes: 3_300_000, screen_limit_s: 1500 },
    you: 1, resume: 'token', state: 'waiting', slots: { audio: 2, video: 2, screen: 1 }, members: [member(1, 'child')], chat: [], screen_used_s: 0, now: 1000, ...more,
});
