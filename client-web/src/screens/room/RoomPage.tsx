// SPDX-License-Identifier: Apache-2.0
//
// The room: head, stage, tools, and at a wide desk the side with what is written. A change of state
// changes what is on the stage; the tools keep their place.
import { useEffect, useState } from 'react';
import { AudioTrack } from '../../ui/Track.tsx';
import { useMedia } from '../../hooks/useAppearance.ts';
import { useSound } from '../../hooks/useSound.ts';
import { Chat } from './Chat.tsx';
import { FloorBar, FloorList } from './Floor.tsx';
import { Head } from './Head.tsx';
import { LeaveSheet } from './LeaveSheet.tsx';
import { Limits } from './Limits.tsx';
import { Stage } from './Stage.tsx';
import { Tools } from './Tools.tsx';
import { useKeys } from './useKeys.ts';
import { useRoom, type RoomParts } from './useRoom.ts';
import { Sheet } from '../../ui/Sheet.tsx';
import { useI18n } from '../../i18n/index.tsx';
import './room.css';
import './stage.css';
import './floor.css';

export function RoomPage(parts: Omit<RoomParts, 'mute'>) {
    const { t } = useI18n();
    const [mute, setMute] = useState(false);
    const room = useRoom({ ...parts, mute });
    const wide = useMedia('(min-width: 1200px)') && !room.isChild;
    const [writing, setWriting] = useState(false);
    const [leaving, setLeaving] = useState(false);
    const chatOpen = writing || wide;
    const { session } = room;
    const { unread } = room.view.lesson;

    useEffect(() => { if (chatOpen && unread > 0) session.read('chat'); }, [chatOpen, unread, session]);
    useSound(session.sound, setMute);
    useKeys(room, () => { setWriting(true); });

    return (
        <div className={`room${wide ? ' wide' : ''}`}>
            <Head room={room} onLeave={() => { setLeaving(true); }} />
            <main className={`room-main${room.group ? ' group' : ''}`}><Stage room={room} /><FloorBar room={room} list={!wide} /></main>
            <Tools room={room} onWrite={wide ? null : () => { setWriting(true); }} />
            {wide && (
                <aside className="room-side" aria-label={t('room.chat')}>
                    {room.isMentor && !room.group && <Limits room={room} />}
                    {room.group && <section className={`card room-floor${room.isMentor ? ' host' : ''}`}><h2>{t('room.floor_title')}</h2><FloorList room={room} /></section>}
                    <section className="card room-written"><h2>{t('room.chat')}</h2><Chat room={room} /></section>
                </aside>
            )}
            {!wide && <Sheet open={writing} onClose={() => { setWriting(false); }} title={t('room.chat')}><Chat room={room} /></Sheet>}
            <LeaveSheet room={room} open={leaving} onClose={() => { setLeaving(false); }} />
            {room.stage.audio.map((mid) => <AudioTrack key={mid} track={session.track(mid)} onBlocked={setMute} />)}
        </div>
    );
}
