// SPDX-License-Identifier: Apache-2.0
//
// A mentor's day: the next lesson with what binds it, today, and what is owed.
import { useEffect, useState } from 'react';
import { Headphones } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import type { Mode } from '../lesson/LessonActions.tsx';
import { LessonSheet } from '../lesson/LessonSheet.tsx';
import { PapersCard } from '../mentors/PapersCard.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { MentorNext } from './MentorNext.tsx';
import { OwedCard } from './OwedCard.tsx';
import { TodayCard } from './TodayCard.tsx';
import './mentor.css';

export default function MentorDay() {
    const { t, fmt } = useI18n();
    const { go } = useRouter();
    const now = useNow(5000);
    const { data: day, error, asOf, reload } = useLoad('day', (signal) => api.day(undefined, signal), 30_000);
    const [opened, setOpened] = useState<{ id: number; mode: Mode } | null>(null);

    useEffect(() => { // 1..9 open today's lessons
        const press = (e: KeyboardEvent) => {
            const n = /^Digit([1-9])$/.exec(e.code)?.[1];
            const lesson = n ? day?.lessons[Number(n) - 1] : undefined;
            const typing = e.target instanceof HTMLElement && e.target.closest('input, textarea, select, [role="dialog"]');
            if (lesson && !typing && !e.ctrlKey && !e.metaKey && !e.altKey) setOpened({ id: lesson.id, mode: 'view' });
        };
        addEventListener('keydown', press);
        return () => { removeEventListener('keydown', press); };
    }, [day]);

    return (
        <OfficePage title={t('mentor.title')} actions={<Button icon={Headphones} onPress={() => { go({ at: 'ready', lesson: day?.next ?? null }); }}>{t('mentor.check_link')}</Button>} {...(day ? { sub: t('mentor.sub', { day: fmt.date(day.date), zone: fmt.zone(day.tz) }) } : {})}>
            {day && error !== null && asOf !== null && <Note tone="warn" role="status"><p>{t('common.as_of', { time: fmt.clock(asOf, day.tz) })}</p></Note>}
            {!day && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={5} onRetry={reload} />)}
            {day && (
                <div className="office-split">
                    <div className="mentor-main">
                        <MentorNext day={day} now={now} onEnter={(id) => { go({ at: 'lesson', id }); }} />
                        <TodayCard day={day} onOpen={(id) => { setOpened({ id, mode: 'view' }); }} />
                    </div>
                    <div className="mentor-aside">
                        <PapersCard />
                        <OwedCard owed={day.owed} tz={day.tz} onNote={(id) => { setOpened({ id, mode: 'note' }); }} />
                    </div>
                </div>
            )}
            {opened && <LessonSheet key={opened.id} id={opened.id} start={opened.mode} onClose={() => { setOpened(null); }} onChanged={reload} />}
        </OfficePage>
    );
}
