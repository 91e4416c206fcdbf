// SPDX-License-Identifier: Apache-2.0
//
// A week of a child, a mentor, a school or the centre, as a grid or a list. A coordinator picks lessons
// up and puts them down by keyboard or by taps; everybody else reads and prints.
import { useState } from 'react';
import { CalendarDays, CalendarX2, Hand, LayoutList, Printer, Repeat, Rows3 } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Week as WeekData } from '../../core/api.gen.ts';
import { wall } from '../../core/wall.ts';
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
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { LessonSheet } from '../lesson/LessonSheet.tsx';
import { Drafts } from './Drafts.tsx';
import { MoveSheet } from './MoveSheet.tsx';
import { useMove } from './useMove.ts';
import { WeekFrame } from './WeekFrame.tsx';
import { WeekGrid } from './WeekGrid.tsx';
import { WeekList } from './WeekList.tsx';
import { WeekSteps } from './WeekSteps.tsx';
import { Whose } from './Whose.tsx';
import './week.css';

export default function Week({ of, date }: { of: string; date: string | null }) {
    const { t } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const { data, error, reload } = useLoad(`week ${of} ${date ?? ''}`, (signal) => api.week(of, date ?? undefined, signal), 30_000);
    const office = me.role === 'coordinator';
    return (
        <WeekFrame of={of} week={data} actions={(
            <>
                {office && <Whose of={of} date={date} />}
                <WeekSteps of={of} date={date} week={data} />
                {office && <Button icon={Repeat} onPress={() => { go({ at: 'series', of: of.startsWith('school') ? 'centre' : of }); }}>{t('series.title_short')}</Button>}
                {office && <Button icon={CalendarDays} onPress={() => { go({ at: 'timetable', date }); }}>{t('week.day')}</Button>}
                <LinkButton icon={Printer} href={api.weekFile(of, date ?? undefined)} target="_blank">{t('week.print')}</LinkButton>
            </>
        )}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data && <WeekBody of={of} week={data} office={office} onChanged={reload} />}
            {office && <Drafts />}
        </WeekFrame>
    );
}

function WeekBody({ of, week, office, onChanged }: { of: string; week: WeekData; office: boolean; onChanged: () => void }) {
    const { t, fmt } = useI18n();
    const now = useNow(30_000);
    const narrow = useMedia('(max-width: 900px)');
    const [listed, setListed] = useState(false);
    const [opened, setOpened] = useState<number | null>(null);
    const asList = narrow || listed;
    const move = useMove(week, office && opened === null, asList, () => { setListed(!listed); });
    const today = week.days.some((d) => d.date === wall(now, week.tz).date);
    const held = move.held;
    if (week.lessons.length === 0 && week.hatches.length === 0)
        return <div className="card"><Empty icon={CalendarX2} sentence={t(office ? 'week.empty_office' : 'week.empty')} /></div>;
    return (
        <>
            {!narrow && (
                <div className="week-tools no-print">
                    <Button icon={listed ? Rows3 : LayoutList} onPress={() => { setListed(!listed); }}>{t(listed ? 'week.as_grid' : 'week.as_list')}</Button>
                    {office && !listed && <Button icon={Hand} aria-pressed={move.tapping} look={move.tapping ? 'soft' : 'plain'} onPress={move.toggle}>{t(move.tapping ? 'week.move_off' : 'week.move_on')}</Button>}
                    {office && !listed && <span className="quiet small">{t(move.tapping ? 'week.tap' : 'week.keys')}</span>}
                </div>
            )}
            {week.more > 0 && <Note tone="warn"><p>{t('week.more', { n: week.more })}</p></Note>}
            <p role="status" className={held ? 'week-held' : 'spoken'}>
                {held && t('week.held', {
                    subject: t(`subject.${held.lesson.subject}`), who: fmt.list(held.lesson.children.map((c) => c.name)),
                    day: fmt.date(held.at.date), time: move.clock,
                })}
            </p>
            {asList ? <WeekList week={week} onOpen={setOpened} /> : (
                <WeekGrid of={of} week={week} now={today ? now : null} held={held} clash={move.clash} onPlace={move.place}
                    onOpen={(lesson) => { if (move.tapping) move.pick(lesson); else setOpened(lesson.id); }} />
            )}
            {opened !== null && <LessonSheet id={opened} onClose={() => { setOpened(null); }} onChanged={onChanged} />}
            {held && move.asking && (
                <MoveSheet lesson={held.lesson} start={move.start} onClose={move.leave} onRefused={move.refused}
                    onDone={() => { move.done(); onChanged(); }} />
            )}
        </>
    );
}
