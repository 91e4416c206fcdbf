// SPDX-License-Identifier: Apache-2.0
//
// What stands on the stage when there is no picture to show: what is, what we do, what you can do.
// Chosen by the room's state alone.
import type { ReactNode } from 'react';
import { Bed, Eye, Pause, type LucideIcon } from 'lucide-react';
import { useNow } from '../../hooks/useNow.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { Button } from '../../ui/Button.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import type { RoomModel } from './useRoom.ts';

export interface SentenceModel {
    title: string;
    text?: string;
    icon?: LucideIcon;
    tone?: 'honey' | 'sky';
    /** the animal that waits, instead of an icon */
    animal?: string;
    /** three quiet dots: we are waiting for somebody */
    dots?: boolean;
    action?: ReactNode;
}

function useWaiting(room: RoomModel): SentenceModel {
    const { t, fmt } = useI18n();
    const now = useNow(1000);
    const s = room.view.lesson;
    const start = s.lesson?.start ?? 0;
    const ahead = start > now;
    const late = s.notice?.code === 'mentor_late';
    const { mentorName, isChild, isMentor, who } = room;
    const tz = room.info?.tz ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const title = isMentor ? t('room.waiting_mentor')
        : !isChild ? t(late ? 'room.late_adult' : 'room.waiting_other')
        : late ? t('room.late') : t('room.waiting_child', { mentor: mentorName });
    if (room.group) {
        const host = isMentor ? t('room.group_empty') : t('room.group_waiting');
        return { title: host, dots: true, animal: room.stage.me?.animal ?? 'fox',
            ...(ahead ? { text: t('room.waiting_start', { who, n: Math.ceil((start - now) / 60_000), time: fmt.clock(start, tz) }) } : {}) };
    }
    const text = ahead ? t('room.waiting_start', { who, n: Math.ceil((start - now) / 60_000), time: fmt.clock(start, tz) })
        : isMentor ? t('room.waiting_child_text') : t(late ? 'room.late_text' : 'room.waiting_text', { who });
    return { title, text, dots: true, animal: room.stage.me?.animal ?? 'fox' };
}

/** The sentence that takes the stage, or null when there are faces to show. */
export function useSentence(room: RoomModel): SentenceModel | null {
    const { t } = useI18n();
    const waiting = useWaiting(room);
    const { who, mentorName, stage } = room;
    const s = room.view.lesson;
    const coordinator = room.coordinator ?? t('common.the_centre');

    if (s.room === 'waiting') return waiting;
    if (s.room === 'frozen' && room.group) return { icon: Pause, tone: 'honey', title: t('room.group_frozen_title'), text: t('room.group_frozen') };
    if (s.room === 'frozen')
        return { icon: Pause, tone: 'honey', title: t('room.frozen_title'), text: t('room.frozen', { who, coordinator }),
            action: <HelpButton look="main" label={t('room.call', { coordinator })} call={{ place: 'room', code: 'frozen', ...(s.lesson ? { lesson: s.lesson.id } : {}) }} /> };
    if (room.resting)
        return { icon: Bed, tone: 'sky', title: t('room.resting_title'), text: t('room.resting', { mentor: mentorName }),
            action: <Button look="main" big onPress={() => { room.session.rest(false); }}>{t('room.back')}</Button> };
    if (s.break === 'screen') return { icon: Eye, tone: 'sky', title: t('room.break_title', { who }), text: t('room.break_text', { who }) };
    if (stage.tiles.length === 0 && !stage.screen) return waiting;
    return null;
}

export const Dots = () => <span className="dots" aria-hidden><i /><i /><i /></span>;

export function Sentence({ sentence }: { sentence: SentenceModel }) {
    const { icon: Icon, animal } = sentence;
    return (
        <div className="stage-sentence">
            {animal ? <Animal kind={animal} size="lg" /> : Icon && <span className={`stage-glyph ${sentence.tone ?? 'honey'}`}><Icon aria-hidden /></span>}
            <div role="status">
                <p className="stage-title">{sentence.title}</p>
                {sentence.text && <p>{sentence.text}</p>}
            </div>
            {sentence.dots && <Dots />}
            {sentence.action}
        </div>
    );
}
