// SPDX-License-Identifier: Apache-2.0
//
// What the mentor must know of this child: limits, never reasons.
import { Bed, Clock3, MonitorUp } from 'lucide-react';
import { useI18n } from '../../i18n/index.tsx';
import type { RoomModel } from './useRoom.ts';

export function Limits({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const { lesson } = room.view.lesson;
    if (!lesson) return null;
    return (
        <section className="card room-limits">
            <h2>{t('room.for_child')}</h2>
            <ul>
                <li><Clock3 className="icon" aria-hidden />{t('room.limit_lesson', { n: Math.round((lesson.end - lesson.start) / 60_000) })}</li>
                {lesson.screen_limit_s > 0 && <li><MonitorUp className="icon" aria-hidden />{t('room.limit_screen', { n: Math.floor(lesson.screen_limit_s / 60) })}</li>}
                <li><Bed className="icon" aria-hidden />{t('room.limit_rest')}</li>
            </ul>
        </section>
    );
}
