// SPDX-License-Identifier: Apache-2.0
//
// What the lesson shows now: faces, a shared screen, or one calm sentence when there is no picture to
// show. The own seat sits in its corner and says in words who can see it. While the line is being
// taken up again, a veil lies over what was there.
import { useCallback, useState } from 'react';
import { Eye, MessageCircle, Waypoints } from 'lucide-react';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { Picture, VideoTrack, type Flow } from '../../ui/Track.tsx';
import { Notices } from './Notices.tsx';
import { Dots, Sentence, useSentence } from './Sentence.tsx';
import { SeatTile } from './SeatTile.tsx';
import { useDown, useWeak } from './useDown.ts';
import type { RoomModel } from './useRoom.ts';

function OwnSeat({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const { me } = room.stage;
    if (!me || me.seat === 'guardian' || me.seat === 'coordinator' || room.listens || room.view.voiceOnly) return null; // the button says it
    const on = room.capture.states.camera === 'on' && room.capture.self !== null;
    const seen = on && !room.still && room.view.lesson.room === 'live';
    return (
        <div className="own-seat">
            {on ? <VideoTrack track={room.capture.self} mirrored /> : <Animal kind={me.animal} size="lg" />}
            <p>{t(seen ? 'room.seen' : 'room.unseen', { who: room.who })}</p>
        </div>
    );
}

/** Who looks in, whether the link takes the reserve way, and what was written last: always at the lower left. */
function Corner({ room }: { room: RoomModel }) {
    const { t, fmt } = useI18n();
    const { visitors } = room.stage;
    const s = room.view.lesson;
    const last = s.unread > 0 ? s.chat.findLast((l) => l.from !== s.me) : undefined;
    return (
        <div className="stage-corner">
            {visitors.length > 0 && <p className="plate"><Eye aria-hidden />{t('room.visitors', { names: fmt.list(visitors.map((v) => v.name)) })}</p>}
            {room.sign === 'reserve' && <p className="plate"><Waypoints aria-hidden />{t('room.link_reserve')}</p>}
            {last && <p className="caption"><MessageCircle aria-hidden /><span className="spoken">{last.name}: </span>{last.text}</p>}
        </div>
    );
}

function Veil({ room, long }: { room: RoomModel; long: boolean }) {
    const { t } = useI18n();
    const { centre } = useMe();
    return (
        <div className="stage-veil">
            <div className="veil-card" role="status">
                <Dots />
                <p className="stage-title">{t('room.reconnecting_title')}</p>
                <p>{t('room.reconnecting', { who: room.who })}</p>
                {long && <p className="quiet">{t('room.reconnecting_long', { who: room.who, phone: centre.phone })}</p>}
            </div>
        </div>
    );
}

function Faces({ room, onFlow }: { room: RoomModel; onFlow: (member: number, flow: Flow) => void }) {
    const { t } = useI18n();
    const { screen, tiles } = room.stage;
    return (
        <>
            {screen && (
                <figure className="stage-screen">
                    <Picture of={room.session} mid={screen.mid} fit="contain" />
                    <figcaption className="plate">{t('room.shares', { name: screen.member.name })}</figcaption>
                </figure>
            )}
            <ul className={`tiles${screen ? ' beside' : ''}${room.group && tiles.length > 4 ? ' many' : ''}`} data-count={Math.min(tiles.length, 9)}>
                {tiles.map((tile) => <SeatTile key={tile.member.id} tile={tile} room={room} alone={tiles.length === 1 && !screen} onFlow={onFlow} />)}
            </ul>
        </>
    );
}

export function Stage({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const sentence = useSentence(room);
    const s = room.view.lesson;
    // Media that comes is looked at, also while the line is taken up again.
    const down = useDown(!room.view.flows && (s.phase !== 'seated' || (room.view.link === 'lost' && s.room === 'live')), room.view.stalled);
    const [still, setStill] = useState<number[]>([]);
    const onFlow = useCallback((member: number, flow: Flow) => {
        setStill((ids) => (flow === 'still' ? [...ids.filter((id) => id !== member), member] : ids.includes(member) ? ids.filter((id) => id !== member) : ids));
    }, []);
    const frozen = still.length > 0 || room.sign === 'paused';
    const weak = useWeak(frozen ? 'weak' : room.link) && !sentence && down === 'no';
    return (
        <section className="stage" aria-label={t('room.stage')}>
            {sentence ? <Sentence sentence={sentence} /> : <Faces room={room} onFlow={onFlow} />}
            <Corner room={room} />
            {(!sentence || room.isMentor) && <OwnSeat room={room} />}
            <Notices room={room} weak={weak ? (frozen ? 'still' : 'link') : 'no'} />
            {down !== 'no' && <Veil room={room} long={down === 'long'} />}
        </section>
    );
}
