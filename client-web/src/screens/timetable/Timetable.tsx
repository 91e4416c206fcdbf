// SPDX-License-Identifier: Apache-2.0
//
// A day of the centre: a row per mentor, or the same as a list. A lesson opens its sheet, from which it
// is moved, cancelled or given to another mentor.
import { useState } from 'react';
import { CalendarPlus, CalendarRange, CalendarSearch, CalendarX2, ChevronLeft, ChevronRight, LayoutList, Rows3 } from 'lucide-react';
import { api } from '../../core/api.ts';
import { addDays, wall } from '../../core/wall.ts';
import { useMedia } from '../../hooks/useAppearance.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { LessonSheet } from '../lesson/LessonSheet.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { CreateSheet } from './CreateSheet.tsx';
import { DayGrid } from './DayGrid.tsx';
import { DayList } from './DayList.tsx';
import './timetable.css';

export default function Timetable({ date }: { date: string | null }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const now = useNow(30_000);
    const today = wall(now, me.centre.tz).date;
    const day = date ?? today;
    const { data, error, reload } = useLoad(`timetable ${day}`, (signal) => api.timetable(day, signal), 30_000);
    const narrow = useMedia('(max-width: 900px)');
    const [asList, setAsList] = useState(false);
    const [opened, setOpened] = useState<number | null>(null);
    const [creating, setCreating] = useState(false);
    const to = (next: string) => { go({ at: 'timetable', date: next === today ? null : next }); };
    const some = data?.rows.some((r) => r.lessons.length > 0);
    return (
        <OfficePage title={fmt.date(day)} sub={data ? t('timetable.sub', { zone: fmt.zone(data.tz) }) : t('timetable.title')} actions={(
            <>
                <div className="day-steps">
                    <IconButton framed icon={ChevronLeft} name={t('common.previous_day')} onPress={() => { to(addDays(day, -1)); }} />
                    <Button onPress={() => { to(today); }}>{t('timetable.today')}</Button>
                    <IconButton framed icon={ChevronRight} name={t('common.next_day')} onPress={() => { to(addDays(day, 1)); }} />
                </div>
                {!narrow && <Button icon={asList ? Rows3 : LayoutList} onPress={() => { setAsList(!asList); }}>{t(asList ? 'timetable.as_grid' : 'timetable.as_list')}</Button>}
                {me.role === 'coordinator' && <Button icon={CalendarSearch} onPress={() => { go({ at: 'plan', week: null }); }}>{t('plan.title')}</Button>}
                {me.role === 'coordinator' && <Button icon={CalendarRange} onPress={() => { go({ at: 'week', of: 'centre', date: day === today ? null : day }); }}>{t('week.show')}</Button>}
                <Button look="main" icon={CalendarPlus} onPress={() => { setCreating(true); }}>{t('timetable.new')}</Button>
            </>
        )}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data && !some && <div className="card"><Empty icon={CalendarX2} sentence={t('timetable.empty')} /></div>}
            {data && some && (narrow || asList ? <DayList day={data} onOpen={setOpened} /> : <DayGrid day={data} now={day === today ? now : null} onOpen={setOpened} />)}
            {opened !== null && <LessonSheet id={opened} onClose={() => { setOpened(null); }} onChanged={reload} />}
            {creating && <CreateSheet date={day} onClose={() => { setCreating(false); }} onCreated={(on) => { setCreating(false); to(on); reload(); }} />}
        </OfficePage>
    );
}
