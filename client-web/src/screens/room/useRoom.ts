// SPDX-License-Identifier: Apache-2.0
//
// What every part of the room needs: the state, the people as tiles, who is spoken to, and the ways to
// act. One value, so that parts take one prop.
import { useMemo } from 'react';
import type { LessonFull } from '../../core/api.gen.ts';
import { linkWord } from '../../core/link.ts';
import type { LessonSession, SessionView } from '../../core/session.ts';
import { stageOf, type StageModel } from '../../core/stage.ts';
import type { Capture } from '../../hooks/useCapture.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { speakTo } from '../../i18n/errors.ts';

export interface RoomParts {
    view: SessionView;
    session: LessonSession;
    capture: Capture;
    info: LessonFull | null;
    onLeave: (reason: 'left' | 'tired') => void;
}

export interface RoomModel extends RoomParts {
    stage: StageModel;
    who: 'child' | 'adult';
    isMentor: boolean;
    isChild: boolean;
    mentorName: string;
    coordinator: string | null;
    link: ReturnType<typeof linkWord>;
}

export function useRoom(parts: RoomParts): RoomModel {
    const me = useMe();
    const { view, session, info } = parts;
    const stage = useMemo(() => stageOf(view.lesson, (mid) => session.lineOf(mid)), [view.lesson, session]);
    return {
        ...parts,
        stage,
        who: speakTo(me.role) === 'child' ? 'child' : 'adult',
        isMentor: stage.me?.seat === 'mentor',
        isChild: stage.me?.seat === 'child',
        mentorName: info?.mentor.given ?? stage.mentor?.name ?? '',
        coordinator: me.centre.coordinator?.given ?? null,
        link: linkWord(view.report, view.lesson.phase === 'seated' && (view.lesson.room === 'waiting' || view.link !== 'lost')),
    };
}
