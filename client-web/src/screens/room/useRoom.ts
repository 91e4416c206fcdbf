// SPDX-License-Identifier: Apache-2.0
//
// What every part of the room needs: the state, the people as tiles, who is spoken to, and the ways to
// act. One value, so that parts take one prop.
import { useMemo } from 'react';
import type { LessonFull } from '../../core/api.gen.ts';
import { linkSign, linkWord } from '../../core/link.ts';
import type { SessionView } from '../../core/seat.ts';
import type { LessonSession } from '../../core/session.ts';
import { stageOf, type StageModel } from '../../core/stage.ts';
import { hasWord, isGroup } from '../../core/group.ts';
import type { Capture } from '../../hooks/useCapture.ts';
import { useGroup, type GroupView } from '../../hooks/useGroup.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { speakTo } from '../../i18n/errors.ts';

/** What the screen needs of a session; the pictures of the states are made with another one. */
export type RoomSession = Pick<LessonSession, 'lineOf' | 'track' | 'surface' | 'sound' | 'send' | 'rest' | 'read'>;

export interface RoomParts {
    view: SessionView;
    session: RoomSession;
    capture: Capture;
    info: LessonFull | null;
    /** the browser waits for a press before it lets others be heard */
    mute: boolean;
    /** voice only on, or off again */
    onVoiceOnly: () => void;
    onLeave: (reason: 'left' | 'tired') => void;
}

export interface RoomModel extends RoomParts {
    stage: StageModel;
    who: 'child' | 'adult';
    isMentor: boolean;
    isChild: boolean;
    /** a seminar or meeting; null in a lesson */
    group: GroupView | null;
    /** in a group without the word: nothing may be sent */
    listens: boolean;
    mentorName: string;
    coordinator: string | null;
    link: ReturnType<typeof linkWord>;
    /** the link in words */
    sign: ReturnType<typeof linkSign>;
    /** the browser waits for a press before it lets us be heard */
    /** tools that send media are still: no seat now, or the mentor has dropped out */
    still: boolean;
    /** this child rests, or has asked to */
    resting: boolean;
}

export function useRoom(parts: RoomParts): RoomModel {
    const me = useMe();
    const { view, session, info } = parts;
    const stage = useMemo(() => stageOf(view.lesson, (mid) => session.lineOf(mid)), [view.lesson, session]);
    const group = useGroup(view.lesson, session);
    const seated = view.lesson.phase === 'seated';
    const link = linkWord(view.report, (seated && !view.stalled && (view.lesson.room === 'waiting' || view.link !== 'lost')) || view.flows);
    return {
        ...parts,
        stage,
        who: speakTo(me.role) === 'child' ? 'child' : 'adult',
        isMentor: stage.me?.seat === 'mentor',
        group,
        listens: isGroup(view.lesson) && !hasWord(view.lesson, view.lesson.me),
        isChild: stage.me?.seat === 'child',
        mentorName: info?.mentor.given ?? stage.mentor?.name ?? '',
        coordinator: me.centre.coordinator?.given ?? null,
        link,
        sign: linkSign(link, view.way, view.lesson.slots),
        resting: view.restWish ?? stage.me?.resting ?? false,
        still: !seated || view.lesson.room === 'frozen',
    };
}
