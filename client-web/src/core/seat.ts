// SPDX-License-Identifier: Apache-2.0
//
// What a session in a lesson is given, and what it shows of itself.
import type { LinkReport } from './link.ts';
import type { Lack } from './frames/features.ts';
import type { LessonState } from './lesson.ts';
import type { LinkState, Source } from './media.ts';
import type { SlotPlan } from './protocol.gen.ts';
import type { SignallingWorld } from './signalling.ts';
import type { Way } from './way.ts';
import type { FramesWorld } from './ways.ts';

export interface SeatToken {
    read: () => string | null;
    write: (token: string | null) => void;
}

export interface SessionOptions {
    url: string;
    lesson: number;
    /** How many people the schedule names: decides the receive slots before `joined` confirms them. */
    plan: SlotPlan;
    takeOver: boolean;
    token: SeatToken;
    changed: (s: SessionView) => void;
    /** A bug of ours, in words for the log of errors. */
    fault: (what: string) => void;
    world?: SignallingWorld;
    /** media over WebSocket; without it only UDP is tried */
    frames?: FramesWorld;
    now?: () => number;
}

export interface SessionView {
    lesson: LessonState;
    link: LinkState;
    /** which way the media takes */
    way: Way;
    /** what this browser lacks for the way that it has to take */
    lack: Lack | null;
    report: LinkReport | null;
    sources: Record<Source, boolean>;
    /** asked for while the line was down: rest (true) or its end; told as soon as there is a seat again */
    restWish: boolean | null;
}
