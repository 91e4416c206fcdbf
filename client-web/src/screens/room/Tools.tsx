// SPDX-License-Identifier: Apache-2.0
//
// The tools of a seat, always at the same place. What a state forbids is greyed, never removed.
import { AudioLines, Bed, Eye, Hand, LifeBuoy, MessageCircle, Mic, MicOff, MonitorUp, Video, VideoOff } from 'lucide-react';
import { useI18n } from '../../i18n/index.tsx';
import { Tool } from '../../ui/Tool.tsx';
import { useHelp } from '../help/HelpButton.tsx';
import type { RoomModel } from './useRoom.ts';

function ChildTools({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const { me } = room.stage;
    const hand = me?.hand ?? false;
    const { resting } = room;
    return (
        <>
            <Tool icon={Hand} word={t('room.hand')} look="hand" on={hand && !room.still} blocked={room.still} onPress={() => { room.session.send({ type: 'hand', up: !hand }); }} />
            <Tool icon={Bed} word={t(resting ? 'room.back' : 'room.rest')} look="rest" on={resting}
                onPress={() => { room.session.rest(!resting); }} />
        </>
    );
}

function MentorTools({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const { states, toggle } = room.capture;
    const { lesson, break: pause } = room.view.lesson;
    const broken = pause === 'screen';
    const help = useHelp({ place: 'room', ...(lesson ? { lesson: lesson.id } : {}) });
    return (
        <>
            <Tool icon={MonitorUp} word={t('room.screen')} on={states.screen === 'on'} blocked={room.still || room.view.voiceOnly} onPress={() => { toggle('screen'); }} />
            <Tool icon={Eye} word={t(broken ? 'room.break_end' : 'room.break')} look="rest" on={broken} blocked={room.still || room.view.lesson.room === 'waiting'}
                onPress={() => { room.session.send({ type: 'break', kind: broken ? 'none' : 'screen' }); }} />
            <Tool icon={LifeBuoy} word={t('room.coordinator')} look="plain" onPress={help.ask} />
            {help.sheet}
        </>
    );
}

/** Of a seminar or meeting: the hand, and for who was invited to speak the screen. */
function GuestTools({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const { states, toggle } = room.capture;
    const hand = room.stage.me?.hand ?? false;
    return (
        <>
            <Tool icon={Hand} word={t('room.hand')} look="hand" on={hand && !room.still} blocked={room.still} onPress={() => { room.session.send({ type: 'hand', up: !hand }); }} />
            {room.stage.me?.seat === 'speaker' && <Tool icon={MonitorUp} word={t('room.screen')} on={states.screen === 'on'} blocked={room.still || room.listens || room.view.voiceOnly} onPress={() => { toggle('screen'); }} />}
        </>
    );
}

export function Tools({ room, onWrite }: { room: RoomModel; onWrite: (() => void) | null }) {
    const { t } = useI18n();
    const { states, toggle } = room.capture;
    const mic = states.mic === 'on' && !room.still;
    const camera = states.camera === 'on' && !room.still;
    const { voiceOnly } = room.view;
    const sends = room.isChild || room.isMentor || room.group !== null;
    return (
        <nav className={`room-tools${room.isChild ? ' child' : ''}`} aria-label={t('room.tools')}>
            <Tool icon={mic ? Mic : MicOff} word={t('room.mic')} on={mic} off={!mic} blocked={room.still || room.listens || states.mic === 'asking'} onPress={() => { toggle('mic'); }} />
            {sends && <Tool icon={camera ? Video : VideoOff} word={t('room.camera')} on={camera} off={!camera} blocked={room.still || room.listens || voiceOnly || states.camera === 'asking'} onPress={() => { toggle('camera'); }} />}
            <Tool icon={AudioLines} word={t('room.voice_only')} name={t('room.voice_only_name')} look="plain" on={voiceOnly} onPress={room.onVoiceOnly} />
            {room.isChild && <ChildTools room={room} />}
            {room.group && !room.isMentor && <GuestTools room={room} />}
            {room.isMentor && <MentorTools room={room} />}
            {onWrite && <Tool icon={MessageCircle} word={t('room.write')} look="plain" badge={room.view.lesson.unread} onPress={onWrite} />}
        </nav>
    );
}
