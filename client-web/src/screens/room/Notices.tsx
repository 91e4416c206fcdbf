// SPDX-License-Identifier: Apache-2.0
//
// What is told once: a banner over the top of the stage for a while, spoken once. A weak link, a
// microphone that does not work or hears nothing, and sound that waits for a press stay as long as they are so.
import { useEffect, useState, type ReactNode } from 'react';
import { Eye, Hourglass, Mic, MicOff, RotateCcw, VideoOff, VolumeX } from 'lucide-react';
import { useI18n } from '../../i18n/index.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { Button } from '../../ui/Button.tsx';
import { WeakLink } from '../../ui/LinkBars.tsx';
import type { RoomModel } from './useRoom.ts';

const SHOWN_MS = 20_000;

interface Words { title: string; text?: string; icon: ReactNode; end?: ReactNode }

function noticeWords(room: RoomModel, t: Translate): Words | null {
    const { notice, members } = room.view.lesson;
    const { who } = room;
    const name = members.find((m) => m.id === notice?.member)?.name ?? '';
    const end = <Hourglass aria-hidden />;
    switch (notice?.code) {
        case 'five_minutes': return { icon: end, title: t('room.five_minutes'), text: t('room.five_minutes_text', { who }) };
        case 'one_minute': return { icon: end, title: t('room.one_minute'), text: t('room.one_minute_text', { who }) };
        case 'screen_limit': return { icon: <Eye aria-hidden />, title: t('room.screen_limit_title', { who }), text: t('room.screen_limit', { who }) };
        case 'visitor_in': return name ? { icon: <Eye aria-hidden />, title: t('room.visitor_in', { name }), text: t('room.visitor_in_text') } : null;
        case 'visitor_out': return { icon: <Eye aria-hidden />, title: t('room.visitor_out') };
        default: return null; // mentor_late stands on the stage
    }
}

function captureWords(room: RoomModel, t: Translate): Words | null {
    const { mic, camera } = room.capture.states;
    const { who } = room;
    const noMic = <MicOff aria-hidden />;
    const noCamera = <VideoOff aria-hidden />;
    if (mic === 'blocked') return { icon: noMic, title: t('room.mic_off_title'), text: t('room.mic_blocked', { who }) };
    if (mic === 'missing') return { icon: noMic, title: t('room.mic_off_title'), text: t('room.mic_missing', { who }) };
    if (camera === 'blocked') return { icon: noCamera, title: t('room.camera_off_title'), text: t('room.camera_blocked', { who }) };
    if (camera === 'missing') return { icon: noCamera, title: t('room.camera_off_title'), text: t('room.camera_missing', { who }) };
    const { quieted } = room.view.lesson;
    if (quieted.mic && mic === 'off') return { icon: noMic, title: t('room.mic_off_title'), text: t('room.quieted_mic', { who }) };
    if (quieted.camera && camera === 'off') return { icon: noCamera, title: t('room.camera_off_title'), text: t('room.quieted_camera', { who }) };
    return null;
}

/** A microphone that is on and hears nothing: one tap takes it anew, or the page into the same seat. */
function deafWords(room: RoomModel, t: Translate): Words | null {
    const { remedy, reacquire } = room.capture;
    const { who } = room;
    if (remedy === 'none' || room.still || room.resting) return null;
    const icon = <MicOff aria-hidden />;
    const title = t('room.deaf_title', { who });
    if (remedy === 'reacquire')
        return { icon, title, text: t('room.deaf_text', { who }), end: <Button icon={Mic} onPress={reacquire}>{t('room.deaf_again')}</Button> };
    return { icon, title, text: t('room.deaf_reload_text', { who }), end: <Button icon={RotateCcw} onPress={() => { location.reload(); }}>{t('room.deaf_reload')}</Button> };
}

/** True for a while after `key` became another one; null keys are never shown. */
function useForAWhile(key: string | null): boolean {
    const [done, setDone] = useState<string | null>(null);
    useEffect(() => {
        setDone(null);
        if (key === null) return;
        const timer = setTimeout(() => { setDone(key); }, SHOWN_MS);
        return () => { clearTimeout(timer); };
    }, [key]);
    return key !== null && done !== key;
}

export function Notices({ room, weak }: { room: RoomModel; weak: 'no' | 'link' | 'still' }) {
    const { t } = useI18n();
    const { notice, quieted } = room.view.lesson;
    const { session, who } = room;
    const { mic, camera } = room.capture.states;
    const broken = captureWords(room, t);
    const showBroken = useForAWhile(broken ? `${mic} ${camera} ${quieted.n}` : null);
    useEffect(() => {
        if (!notice || notice.code === 'mentor_late') return;
        const timer = setTimeout(() => { session.read('notice'); }, SHOWN_MS);
        return () => { clearTimeout(timer); };
    }, [notice, session]);
    const { lack } = room.view;
    const showLack = useForAWhile(lack) || lack === 'nothing_works';
    const shown: Words | null = deafWords(room, t)
        ?? noticeWords(room, t)
        ?? (room.mute ? { icon: <VolumeX aria-hidden />, title: t('room.mute_title'), text: t('room.mute_text', { who }) } : null)
        ?? (showBroken ? broken : null)
        ?? (lack && showLack ? { icon: <WeakLink aria-hidden />, title: t(`room.lack_${lack}_title`, { who }), text: t(`room.lack_${lack}`, { who, coordinator: room.coordinator ?? t('common.the_centre') }) } : null)
        ?? (weak === 'no' ? null : { icon: <WeakLink aria-hidden />, title: t('room.link_weak'), text: t(weak === 'still' ? 'room.weak_still' : 'room.weak_text') });
    return (
        <div className="banners" role="status">
            {shown && (
                <div className="banner">
                    {shown.icon}
                    <div><p className="strong">{shown.title}</p>{shown.text && <p>{shown.text}</p>}{shown.end}</div>
                </div>
            )}
        </div>
    );
}
