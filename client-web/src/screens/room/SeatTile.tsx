// SPDX-License-Identifier: Apache-2.0
//
// One person on the stage: picture or animal, name with what is true of it now, and for the mentor the
// two ways to quieten a child.
import { Bed, Hand, MicOff, VideoOff, Volume2, WifiOff, type LucideIcon } from 'lucide-react';
import type { Tile } from '../../core/stage.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { VideoTrack } from '../../ui/Track.tsx';
import type { RoomModel } from './useRoom.ts';

function useTileState(tile: Tile): { icon: LucideIcon | null; words: string } {
    const { t } = useI18n();
    const { member } = tile;
    const { name } = member;
    if (!member.present) return { icon: WifiOff, words: t('room.is_away', { name }) };
    if (member.resting) return { icon: Bed, words: t('room.is_resting', { name }) };
    if (tile.speaking) return { icon: Volume2, words: t('room.speaking', { name }) };
    return { icon: null, words: name };
}

export function SeatTile({ tile, room }: { tile: Tile; room: RoomModel }) {
    const { t } = useI18n();
    const { member } = tile;
    const { icon: Icon, words } = useTileState(tile);
    const quiet = (mic: boolean, camera: boolean) => { room.session.send({ type: 'quiet', member: member.id, mic, camera }); };
    const mayQuiet = room.isMentor && member.seat === 'child' && member.present;
    return (
        <li className={`tile${tile.speaking ? ' speaking' : ''}${member.present ? '' : ' away'}`}>
            {tile.video ? <VideoTrack track={room.session.track(tile.video)} /> : <span className="tile-animal"><Animal kind={member.animal} size="lg" /></span>}
            <p className="plate">{Icon && <Icon aria-hidden />}{words}</p>
            {member.hand && <p className="plate hand"><Hand aria-hidden />{t('room.hand_up', { name: member.name })}</p>}
            {member.present && !member.mic && <p className="plate small-plate"><MicOff aria-hidden />{t('room.mic_off')}</p>}
            {mayQuiet && (member.mic || member.camera) && (
                <div className="tile-tools">
                    {member.mic && <IconButton icon={MicOff} framed name={t('room.quiet', { name: member.name })} onPress={() => { quiet(true, false); }} />}
                    {member.camera && <IconButton icon={VideoOff} framed name={t('room.quiet_camera', { name: member.name })} onPress={() => { quiet(false, true); }} />}
                </div>
            )}
        </li>
    );
}
