// SPDX-License-Identifier: Apache-2.0
//
// What is told once: a banner over the stage for a while, spoken once. And what stays true: who looks
// in, and a microphone that does not work.
import { useEffect, type ReactNode } from 'react';
import { CircleAlert, Clock3, Eye, MicOff } from 'lucide-react';
import { useI18n } from '../../i18n/index.tsx';
import type { Translate } from '../../i18n/translate.ts';
import type { RoomModel } from './useRoom.ts';

const SHOWN_MS = 20_000;

function noticeWords(room: RoomModel, t: Translate): string | null {
    const { notice, members } = room.view.lesson;
    const { who } = room;
    const name = members.find((m) => m.id === notice?.member)?.name ?? '';
    switch (notice?.code) {
        case 'five_minutes': return t('room.five_minutes', { who });
        case 'one_minute': return t('room.one_minute', { who });
        case 'screen_limit': return t('room.screen_limit', { who });
        case 'visitor_in': return name ? t('room.visitor_in', { who, name }) : null;
        case 'visitor_out': return name ? t('room.visitor_out', { name }) : null;
        default: return null; // mentor_late stands on the stage
    }
}

function captureWords(room: RoomModel, t: Translate): string | null {
    const { mic, camera } = room.capture.states;
    const { who } = room;
    if (mic === 'blocked') return t('room.mic_blocked', { who });
    if (mic === 'missing') return t('room.mic_missing', { who });
    if (camera === 'blocked') return t('room.camera_blocked', { who });
    if (camera === 'missing') return t('room.camera_missing', { who });
    const { quieted } = room.view.lesson;
    if (quieted.mic && mic === 'off') return t('room.quieted_mic', { who });
    if (quieted.camera && camera === 'off') return t('room.quieted_camera', { who });
    return null;
}

function Banner({ icon, children }: { icon: ReactNode; children: string }) {
    return <p className="banner" role="status">{icon}{children}</p>;
}

export function Notices({ room }: { room: RoomModel }) {
    const { t, fmt } = useI18n();
    const { notice } = room.view.lesson;
    const { session } = room;
    const words = noticeWords(room, t);
    const broken = captureWords(room, t);
    const { visitors } = room.stage;
    useEffect(() => {
        if (!notice || notice.code === 'mentor_late') return;
        const timer = setTimeout(() => { session.readNotice(); }, SHOWN_MS);
        return () => { clearTimeout(timer); };
    }, [notice, session]);
    return (
        <div className="banners">
            {words && <Banner icon={notice?.code.startsWith('visitor') ? <Eye aria-hidden /> : <Clock3 aria-hidden />}>{words}</Banner>}
            {broken && <Banner icon={room.capture.states.mic === 'on' ? <CircleAlert aria-hidden /> : <MicOff aria-hidden />}>{broken}</Banner>}
            {!words && visitors.length > 0 && (
                <Banner icon={<Eye aria-hidden />}>{t('room.visitors', { names: fmt.list(visitors.map((v) => v.name)) })}</Banner>
            )}
        </div>
    );
}
