// SPDX-License-Identifier: Apache-2.0
//
// What may be done with a lesson now; the server says which of it.
import { CalendarX, CalendarSync, ClipboardPen, Eye, NotebookPen, UserRoundCog } from 'lucide-react';
import type { LessonFull } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';

export type Mode = 'view' | 'move' | 'cancel' | 'substitute' | 'note' | 'amend';

const ACTIONS = [
    { mode: 'move', icon: CalendarSync }, { mode: 'substitute', icon: UserRoundCog }, { mode: 'cancel', icon: CalendarX },
    { mode: 'note', icon: NotebookPen }, { mode: 'amend', icon: ClipboardPen },
] as const;

export function LessonActions({ lesson, onMode }: { lesson: LessonFull; onMode: (mode: Mode) => void }) {
    const { t } = useI18n();
    const { role } = useMe();
    const { go } = useRouter();
    const open = now() >= lesson.opens && now() < lesson.closes && lesson.state !== 'cancelled' && lesson.state !== 'rescheduled';
    const mayEnter = open && role !== 'school_officer';
    const actions = ACTIONS.filter((a) => lesson.may.includes(a.mode));
    if (!mayEnter && actions.length === 0) return <p className="quiet small">{t('lesson.nothing_to_do')}</p>;
    return (
        <div className="lesson-actions">
            {mayEnter && <Button icon={Eye} onPress={() => { go({ at: 'lesson', id: lesson.id }); }}>{t(role === 'mentor' ? 'lesson.enter' : 'lesson.look_in')}</Button>}
            {actions.map(({ mode, icon }) => <Button key={mode} icon={icon} onPress={() => { onMode(mode); }}>{t(`lesson.do.${mode}`)}</Button>)}
            {mayEnter && role !== 'mentor' && <p className="quiet small">{t('lesson.look_in_note')}</p>}
        </div>
    );
}
