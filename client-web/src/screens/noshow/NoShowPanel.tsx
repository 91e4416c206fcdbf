// SPDX-License-Identifier: Apache-2.0
//
// What a missed lesson asks of the coordinator, on the board's row and on the lesson's page: why, in one
// press, and a free time for the make-up, in another. What others press shows here with the next word
// of the board.
import { useEffect, useRef } from 'react';
import { CalendarPlus } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import type { Cause, LessonFull, MakeUp, NoShow, NoShowBrief, NoShowChild, Slot } from '../../core/api.gen.ts';
import { missingNow, type Missing } from '../../core/no-show.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { Conflicts } from '../lesson/Conflicts.tsx';
import { Proposals } from './Proposals.tsx';
import './no-show.css';

const MISSED: readonly LessonFull['chip'][] = ['mentor_missing', 'child_missing', 'missed'];

/** On the lesson's page: for who keeps the timetable, of a lesson that was missed. */
export function NoShowOf({ lesson, onChanged }: { lesson: LessonFull; onChanged: () => void }) {
    const { role, tz } = useMe();
    if (role !== 'coordinator' || !MISSED.includes(lesson.chip)) return null;
    return <NoShowPanel lesson={lesson.id} brief={null} tz={tz} onChanged={onChanged} />;
}

/** brief: what the board says now; when it changes, the panel asks again. */
export function NoShowPanel({ lesson, brief, tz, onChanged }: { lesson: number; brief: NoShowBrief | null; tz: string; onChanged: () => void }) {
    const { t } = useI18n();
    const { data, error, reload } = useLoad(`no-show ${lesson}`, (signal) => api.noShow(lesson, signal));
    const stamp = brief && `${brief.missing} ${brief.cause} ${brief.made?.id}`;
    const last = useRef(stamp);
    useEffect(() => {
        if (last.current !== stamp) reload();
        last.current = stamp;
    }, [stamp, reload]);
    if (!data) return error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={1} onRetry={reload} />;
    return <Panel lesson={lesson} etag={data.etag} it={data.value} missing={missingNow(brief, data.value)} tz={tz} onChanged={() => { reload(); onChanged(); }} />;
}

function Panel({ lesson, etag, it, missing, tz, onChanged }: { lesson: number; etag: string; it: NoShow; missing: Missing; tz: string; onChanged: () => void }) {
    const { t } = useI18n();
    const note = useAction((key, code: Cause) => noteAll(lesson, it.children, code, t('noshow.reason'), key), onChanged);
    const make = useAction((key, slot: Slot) => api.makeUp(lesson, etag, { start: slot.start }, key), onChanged);
    const problem = note.error ?? make.error;
    const conflict = make.error instanceof Refused && make.error.error.code === 'conflict' ? make.error.error : null;
    const stale = make.error instanceof Refused && make.error.error.code === 'stale';
    useEffect(() => { if (stale) onChanged(); }, [stale]);
    return (
        <div className="no-show">
            {it.causes.length > 0 && <Causes it={it} missing={missing} tz={tz} pending={note.pending} onNote={note.run} />}
            <Make make={it.make_up} tz={tz} pending={make.pending} onMake={make.run} />
            {conflict && <div role="alert"><Conflicts error={conflict} tz={tz} onSlot={make.run} /></div>}
            {problem !== null && !conflict && <Note tone="bad" role="alert"><p>{errorSentence(t, problem)}</p></Note>}
        </div>
    );
}

/** One press stands for every child of the lesson. */
async function noteAll(lesson: number, children: NoShowChild[], code: Cause, reason: string, key: string): Promise<void> {
    for (const { child } of children) await api.amend(lesson, { child: child.id, code, reason }, `${key}-${child.id}`);
}

function Causes({ it, missing, tz, pending, onNote }: { it: NoShow; missing: Missing; tz: string; pending: boolean; onNote: (code: Cause) => void }) {
    const { t, fmt } = useI18n();
    const first = it.children[0];
    const latest = first?.history.at(-1);
    return (
        <div className="no-show-part" role="group" aria-label={t('noshow.why')}>
            <p className="strong">{t('noshow.title', { missing: missing.side })}. {t('noshow.why')}</p>
            <div className="no-show-choices">
                {missing.causes.map((code) => (
                    <Button key={code} look={first?.cause === code ? 'soft' : 'plain'} aria-pressed={first?.cause === code} isPending={pending && first?.cause === code}
                        onPress={() => { if (first?.cause !== code) onNote(code); }}>{t(`code.${code}`)}</Button>
                ))}
            </div>
            {missing.side === 'mentor' && <p className="quiet small">{t('noshow.waited')}</p>}
            {latest && <p className="quiet small">{latest.old
                ? t('noshow.changed', { old: t(`code.${latest.old}`), code: t(`code.${latest.new}`), name: latest.by.name, when: fmt.dayTime(latest.at, tz) })
                : t('noshow.noted', { code: t(`code.${latest.new}`), name: latest.by.name, when: fmt.dayTime(latest.at, tz) })}</p>}
        </div>
    );
}

function Make({ make, tz, pending, onMake }: { make: MakeUp; tz: string; pending: boolean; onMake: (slot: Slot) => void }) {
    const { t, fmt } = useI18n();
    if (make.made) return <p className="no-show-made"><CalendarPlus className="icon" aria-hidden />{t('noshow.made', { day: fmt.onDay(make.made.start, tz), time: fmt.clock(make.made.start, tz) })}</p>;
    if (!make.may) return <p className="quiet small">{t('noshow.not_owed', { why: make.why_not ?? 'other' })}</p>;
    return <Proposals make={make} tz={tz} pending={pending} onMake={onMake} />;
}
