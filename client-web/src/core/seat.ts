// SPDX-License-Identifier: Apache-2.0
//
// What a session in a lesson is given, and what it shows of itself.
import type { LinkReport } from './link.ts';
import type { Lack } from './frames/features.ts';
import type { FramesLink } from './frames/link.ts';
import type { LessonState } from './lesson.ts';
import type { LinkState, MediaHandlers, Source } from './media.ts';
import type { ClientMessage, SlotPlan } from './protocol.gen.ts';
import type { SignallingWorld } from './signalling.ts';
import type { Way, WayMemory } from './way.ts';

export interface SeatToken {
    read: () => string | null;
    write: (token: string | null) => void;
}

/** Media over WebSocket, where the browser can do it. */
export interface FramesWorld {
    /** false: not on this line, or not in this browser */
    possible: () => boolean;
    /** what is missing for it */
    lack: () => Lack | null;
    make: (plan: SlotPlan, handlers: MediaHandlers) => FramesLink;
    memory: WayMemory;
    /** whether UDP gets through now, on a connection of its own */
    udpOpen: () => Promise<boolean>;
}

export interface WaysOwner {
    send: (m: ClientMessage) => boolean;
    line: {
        /** the line has answered lately: media may take it */
        readonly lives: boolean;
        readonly ready: boolean;
        readonly rttMs: number | null;
        /** messages heard so far */
        readonly heard: number;
        ping: () => void;
        /** another line, with the seat's token */
        restart: () => void;
    };
    changed: () => void;
    fault: (what: string) => void;
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
    /** nothing comes just now, by either way */
    stalled: boolean;
    /** media comes, whatever the line does */
    flows: boolean;
    /** which way the media takes */
    way: Way;
    /** what this browser lacks for the way that it has to take */
    lack: Lack | null;
    report: LinkReport | null;
    sources: Record<Source, boolean>;
    /** asked for while the line was down: rest (true) or its end; told as soon as there is a seat again */
    restWish: boolean | null;
    /** no pictures, neither way, by the person's own wish */
    voiceOnly: boolean;
}
