// SPDX-License-Identifier: Apache-2.0
//
// What the lesson shows now: faces, a shared screen, or one calm sentence when there is no picture to
// show. The own seat sits in its corner and says in words who can see it.
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { VideoTrack } from '../../ui/Track.tsx';
import { Sentence, useSentence } from './Sentence.tsx';
import { SeatTile } from './SeatTile.tsx';
import type { RoomModel } from './useRoom.ts';

function OwnSeat({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const { me } = room.stage;
    if (!me) return null;
    const seen = room.capture.states.camera === 'on';
    return (
        <div className="own-seat">
            {seen && room.capture.self ? <VideoTrack track={room.capture.self} mirrored /> : <Animal kind={me.animal} size="lg" />}
            <p>{t(seen ? 'room.seen' : 'room.unseen', { who: room.who })}</p>
        </div>
    );
}

export function Stage({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const sentence = useSentence(room);
    const { screen, tiles } = room.stage;
    return (
        <section className="stage" aria-label={t('room.stage')}>
            {sentence ? <Sentence sentence={sentence} /> : (
                <>
                    {screen && (
                        <figure className="stage-screen">
                            <VideoTrack track={room.session.track(screen.mid)} fit="contain" />
                            <figcaption className="plate">{t('room.shares', { name: screen.member.name })}</figcaption>
                        </figure>
                    )}
                    <ul className={`tiles${screen ? ' beside' : ''}`} data-count={Math.min(tiles.length, 9)}>
                        {tiles.map((tile) => <SeatTile key={tile.member.id} tile={tile} room={room} />)}
                    </ul>
                </>
            )}
            <OwnSeat room={room} />
        </section>
    );
}
