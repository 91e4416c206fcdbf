// SPDX-License-Identifier: Apache-2.0
//
// What stands on the stage when there is no picture: what is, what we do, what you can do. Chosen by
// the room's state alone.
import { useEffect, useState, type ReactNode } from 'react';
import { Bed, Eye, Hourglass, Pause, PhoneCall, RefreshCw, type LucideIcon } from 'lucide-react';
import { phoneHref } from '../../core/phone.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import type { RoomModel } from './useRoom.ts';

export interface SentenceModel { icon: LucideIcon; tone: 'honey' | 'sky' | 'chalk'; title: string; text?: string; action?: ReactNode }

const SHOW_RECONNECT_MS = 2_000;
const SHOW_PHONE_MS = 60_000;

/** How long the line has been down, in steps that matter. */
function useDown(down: boolean): 'no' | 'short' | 'long' {
    const [step, setStep] = useState<'no' | 'short' | 'long'>('no');
    useEffect(() => {
        setStep('no');
        if (!down) return;
        const timers = [setTimeout(() => { setStep('short'); }, SHOW_RECONNECT_MS), setTimeout(() => { setStep('long'); }, SHOW_PHONE_MS)];
        return () => { timers.forEach(clearTimeout); };
    }, [down]);
    return step;
}

export function useSentence(room: RoomModel): SentenceModel | null {
    const { t } = useI18n();
    const { centre } = useMe();
    const now = useNow(1000);
    const { who, mentorName, stage } = room;
    const s = room.view.lesson;
    const down = useDown(s.phase !== 'seated' || (room.view.link === 'lost' && s.room === 'live'));
    const coordinator = room.coordinator ?? t('common.the_centre');

    if (down !== 'no')
        return { icon: RefreshCw, tone: 'sky', title: t('room.reconnecting_title', { who }),
            text: down === 'long' ? t('room.reconnecting_long', { who, phone: centre.phone }) : t('room.reconnecting', { who }) };
    if (s.room === 'waiting') {
        const left = (s.lesson?.start ?? 0) - now;
        const minutes = `${Math.floor(left / 60_000)}:${String(Math.floor((left % 60_000) / 1000)).padStart(2, '0')}`;
        const late = s.notice?.code === 'mentor_late';
        const title = late ? t(room.isChild ? 'room.late' : 'room.late_adult')
            : room.isChild ? t('room.waiting_child', { mentor: mentorName }) : t('room.waiting_other');
        return { icon: Hourglass, tone: 'honey', title, ...(left > 0 ? { text: t('room.waiting_start', { time: minutes }) } : {}) };
    }
    if (s.room === 'frozen')
        return { icon: Pause, tone: 'honey', title: t('room.frozen_title'), text: t('room.frozen', { who, coordinator }),
            action: <LinkButton look="main" icon={PhoneCall} href={phoneHref(centre.phone)}>{t('room.call', { coordinator })}</LinkButton> };
    if (stage.me?.resting)
        return { icon: Bed, tone: 'sky', title: t('room.resting_title'), text: t('room.resting', { mentor: mentorName }),
            action: <Button look="main" big onPress={() => { room.session.send({ type: 'rest', on: false }); }}>{t('room.back')}</Button> };
    if (s.break === 'screen') return { icon: Eye, tone: 'sky', title: t('room.break_title', { who }), text: t('room.break_text', { who }) };
    if (stage.tiles.length === 0 && room.isMentor) return { icon: Hourglass, tone: 'honey', title: t('room.waiting_mentor') };
    return null;
}

export function Sentence({ sentence }: { sentence: SentenceModel }) {
    const Icon = sentence.icon;
    return (
        <div className="stage-sentence" role="status">
            <span className={`stage-glyph ${sentence.tone}`}><Icon aria-hidden /></span>
            <p className="stage-title">{sentence.title}</p>
            {sentence.text && <p>{sentence.text}</p>}
            {sentence.action}
        </div>
    );
}
