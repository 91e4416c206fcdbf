// SPDX-License-Identifier: Apache-2.0
//
// The tools of a seat, always at the same place. What a state forbids is greyed, never removed.
import { Bed, Eye, Hand, MessageCircle, Mic, MicOff, MonitorUp, Video, VideoOff } from 'lucide-react';
import { useI18n } from '../../i18n/index.tsx';
import { Tool } from '../../ui/Tool.tsx';
import type { RoomModel } from './useRoom.ts';

export function Tools({ room, onWrite }: { room: RoomModel; onWrite: (() => void) | null }) {
    const { t } = useI18n();
    const { states, toggle } = room.capture;
    const { me } = room.stage;
    const s = room.view.lesson;
    const seated = s.phase === 'seated';
    const still = !seated || s.room === 'frozen';
    const mic = states.mic === 'on';
    const camera = states.camera === 'on';
    const hand = me?.hand ?? false;
    const resting = me?.resting ?? false;
    const broken = s.break === 'screen';
    return (
        <nav className={`room-tools${room.isChild ? ' child' : ''}`} aria-label={t('room.tools')}>
            <Tool icon={mic ? Mic : MicOff} word={t('room.mic')} on={mic} off={!mic} blocked={still || states.mic === 'asking'} onPress={() => { toggle('mic'); }} />
            {(room.isChild || room.isMentor) && (
                <Tool icon={camera ? Video : VideoOff} word={t('room.camera')} on={camera} off={!camera} blocked={still || states.camera === 'asking'} onPress={() => { toggle('camera'); }} />
            )}
            {room.isMentor && <Tool icon={MonitorUp} word={t('room.screen')} on={states.screen === 'on'} blocked={still} onPress={() => { toggle('screen'); }} />}
            {room.isMentor && (
                <Tool icon={Eye} word={t(broken ? 'room.break_end' : 'room.break')} look="rest" on={broken} blocked={still}
                    onPress={() => { room.session.send({ type: 'break', kind: broken ? 'none' : 'screen' }); }} />
            )}
            {room.isChild && <Tool icon={Hand} word={t('room.hand')} look="hand" on={hand} blocked={still} onPress={() => { room.session.send({ type: 'hand', up: !hand }); }} />}
            {room.isChild && (
                <Tool icon={Bed} word={t(resting ? 'room.back' : 'room.rest')} look="rest" on={resting} blocked={!seated}
                    onPress={() => { room.session.send({ type: 'rest', on: !resting }); }} />
            )}
            {onWrite && <Tool icon={MessageCircle} word={t('room.write')} look="plain" badge={s.unread} onPress={onWrite} />}
        </nav>
    );
}
