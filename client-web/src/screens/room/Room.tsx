// SPDX-License-Identifier: Apache-2.0
//
// The lesson: which page the state of the seat asks for. The door when there is no seat, the room while
// there is one, the last page when it is over.
import { useEffect, useState } from 'react';
import { api } from '../../core/api.ts';
import type { CloseCode } from '../../core/protocol.gen.ts';
import { hasWord, isGroup } from '../../core/group.ts';
import { useCapture } from '../../hooks/useCapture.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useSeat } from '../../hooks/useSeat.ts';
import { useVoiceOnly } from '../../hooks/useVoiceOnly.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { speakTo } from '../../i18n/errors.ts';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Door } from '../door/Door.tsx';
import type { DoorCode } from '../door/codes.ts';
import { EndPage } from './EndPage.tsx';
import { RoomPage } from './RoomPage.tsx';

/** Ways out that are a refusal to be explained at the door; the others end on the last page. */
const AT_DOOR: Partial<Record<CloseCode, DoorCode>> = {
    taken_over: 'taken_over',
    cut_cancelled: 'cancelled',
    cut_right_ended: 'right_ended',
    cut_consent: 'consent',
    logged_out: 'no_login',
};

const SETTLE_MS = 1_000;

/** A seat, and the path to it up or given up: starting a camera before that would make the first picture late. */
function useSettled(seated: boolean, path: boolean): boolean {
    const [settled, setSettled] = useState(false);
    useEffect(() => {
        if (!seated) { setSettled(false); return; }
        if (path) { setSettled(true); return; }
        const timer = setTimeout(() => { setSettled(true); }, SETTLE_MS);
        return () => { clearTimeout(timer); };
    }, [seated, path]);
    return seated && settled;
}

export default function Room({ lesson }: { lesson: number }) {
    const { t } = useI18n();
    const me = useMe();
    const seat = useSeat(lesson);
    const info = useLoad(`lesson ${lesson}`, (signal) => api.lesson(lesson, signal));
    const [left, setLeft] = useState<'left' | 'tired' | null>(null);
    const visitor = me.role !== 'child' && me.role !== 'mentor';
    const state = seat.view.lesson;
    const seated = !left && (state.phase === 'seated' || state.phase === 'reconnecting');
    const settled = useSettled(seated, state.room !== 'live' || seat.view.link === 'connected' || seat.view.link === 'lost');
    // In a seminar or meeting nothing is taken without the word, and the word alone switches nothing on.
    const group = isGroup(state);
    const may = !group || hasWord(state, state.me);
    const hosts = state.members.some((m) => m.id === state.me && m.seat === 'mentor');
    const capture = useCapture(seat.session, settled && may, lesson, visitor || (group && !hosts) ? [] : me.role === 'mentor' ? ['mic', 'camera'] : ['mic'], state.quieted);
    const voiceOnly = useVoiceOnly(seat.session, seat.view.voiceOnly, lesson, capture);
    const again = () => { setLeft(null); seat.retry(); };

    if (left) return <EndPage how={left} mentor={info.data?.value.mentor.given ?? ''} onReturn={again} />;
    if (state.phase === 'closed') {
        const door = state.close ? AT_DOOR[state.close] : undefined;
        if (door) return <Door code={door} lesson={lesson} onTry={again} onTakeOver={seat.takeOver} />;
        return <EndPage how="over" mentor="" onReturn={null} />;
    }
    if (state.phase === 'refused' && state.refusal)
        return <Door code={state.refusal.code} at={state.refusal.at ?? undefined} lesson={lesson} onTry={again} onTakeOver={seat.takeOver} />;
    if (!state.lesson || !seat.session)
        return <FamilyPage title={t('room.connecting', { who: speakTo(me.role) })} narrow><Loading onRetry={again} /></FamilyPage>;
    const leave = (reason: 'left' | 'tired') => {
        seat.session?.leave(reason);
        setLeft(reason);
    };
    return <RoomPage view={seat.view} session={seat.session} capture={capture} info={info.data?.value ?? null} onVoiceOnly={voiceOnly} onLeave={leave} />;
}
