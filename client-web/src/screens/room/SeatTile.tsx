// SPDX-License-Identifier: Apache-2.0
//
// One person on the stage: picture, or animal in a ring that widens while it speaks; name with what is
// true of it now; for the mentor the two ways to quieten a child.
import { useCallback, useState } from 'react';
import { AudioLines, Bed, Hand, MicOff, Pin, PinOff, VideoOff, Volume2, WifiOff, type LucideIcon } from 'lucide-react';
import type { Tile } from '../../core/stage.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Picture, type Flow } from '../../ui/Track.tsx';
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

/** The person without a moving picture; alone on the stage it also says why. */
function Voice({ tile, alone, lost, wished }: { tile: Tile; alone: boolean; lost: boolean; wished: boolean }) {
    const { t } = useI18n();
    return (
        <div className="voice">
            <span className={`voice-rings${tile.speaking ? ' on' : ''}`}><Animal kind={tile.member.animal} size="lg" /></span>
            {alone && (lost || wished) && (
                <div role="status">
                    <p className="stage-title">{t('room.voice_title')}</p>
                    <p>{t(wished ? 'room.voice_only_text' : 'room.voice_text')}</p>
                </div>
            )}
        </div>
    );
}

function QuietTools({ tile, room }: { tile: Tile; room: RoomModel }) {
    const { t } = useI18n();
    const { member } = tile;
    const quiet = (mic: boolean, camera: boolean) => { room.session.send({ type: 'quiet', member: member.id, mic, camera }); };
    if (!room.isMentor || member.seat !== 'child' || !member.present || (!member.mic && !member.camera)) return null;
    return (
        <div className="tile-tools">
            {member.mic && <IconButton icon={MicOff} framed name={t('room.quiet', { name: member.name })} onPress={() => { quiet(true, false); }} />}
            {member.camera && <IconButton icon={VideoOff} framed name={t('room.quiet_camera', { name: member.name })} onPress={() => { quiet(false, true); }} />}
        </div>
    );
}

/** In a seminar or meeting everybody may keep a person in view; the host takes the word in the list of hands. */
function GroupTools({ tile, room }: { tile: Tile; room: RoomModel }) {
    const { t } = useI18n();
    const { member } = tile;
    const pinned = room.group?.pins.includes(member.id) ?? false;
    if (member.seat === 'mentor' || !member.camera) return null;
    return (
        <div className="tile-pin">
            <IconButton icon={pinned ? PinOff : Pin} framed name={t(pinned ? 'room.unpin' : 'room.pin', { name: member.name })} onPress={() => { room.group?.pin(member.id); }} />
        </div>
    );
}

export function SeatTile({ tile, room, alone, onFlow }: { tile: Tile; room: RoomModel; alone: boolean; onFlow: (member: number, flow: Flow) => void }) {
    const { t } = useI18n();
    const { member } = tile;
    const { icon: Icon, words } = useTileState(tile);
    const [flow, setFlow] = useState<Flow>('none');
    const flows = useCallback((next: Flow) => { setFlow(next); onFlow(member.id, next); }, [member.id, onFlow]);
    const seen = tile.video !== null && (flow === 'flowing' || flow === 'still');
    return (
        <li className={`tile${tile.speaking ? ' speaking' : ''}${member.present ? '' : ' away'}${flow === 'still' ? ' soft' : ''}`}>
            {tile.video && <Picture of={room.session} mid={tile.video} onFlow={flows} />}
            {!seen && <Voice tile={tile} alone={alone} lost={tile.video !== null && flow === 'gone'} wished={room.view.voiceOnly} />}
            <div className="plates">
                <p className="plate">{Icon && <Icon aria-hidden />}<span className="plate-words">{words}</span></p>
                {member.hand && <p className="plate hand"><Hand aria-hidden /><span className={room.group ? 'spoken' : ''}>{t('room.hand_up', { name: member.name })}</span></p>}
                {member.present && !member.mic && <p className="plate" title={t('room.mic_off')}><MicOff aria-hidden /><span className="spoken">{t('room.mic_off')}</span></p>}
                {member.present && member.pictures === 0 && <p className="plate"><AudioLines aria-hidden /><span>{t('room.voice_only_sign')}</span></p>}
            </div>
            {room.group ? <GroupTools tile={tile} room={room} /> : <QuietTools tile={tile} room={room} />}
        </li>
    );
}
