// SPDX-License-Identifier: Apache-2.0
//
// The weekly times of a child (free, treatment, rest) or of a mentor (free to teach). Days are chosen
// by tapping; several days get the same time at once. Nothing is sent before Save.
import { useState } from 'react';
import { Clock, Trash2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { WeeklyHours } from '../../core/api.gen.ts';
import { asNew, ordered, overlaps, WEEKDAYS, type Times } from '../../core/week-times.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { BackToLog } from '../log/BackToLog.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { AddTimes } from './AddTimes.tsx';
import { dayOf } from './words.ts';
import './programme.css';

const TONES = { free: 'ok', treatment: 'bad', rest: 'info' } as const;

export default function Hours({ of, id }: { of: 'child' | 'mentor'; id: number }) {
    const { t } = useI18n();
    const me = useMe();
    const { data, error, reload, set } = useLoad(`hours ${of} ${id}`, (signal) => api.weeklyHours(of, id, signal));
    const title = data ? t(of === 'child' ? 'hours.title_child' : 'hours.title_mentor', { name: data.who.name }) : t('hours.kind');
    const body = data ? <Editor of={of} data={data} onSaved={set} key={data.version} />
        : error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={5} onRetry={reload} />;
    if (me.role === 'guardian') return <FamilyPage title={title} lead={<BackToLog child={id} />}>{body}</FamilyPage>;
    return <OfficePage title={title}>{body}</OfficePage>;
}

function Editor({ of, data, onSaved }: { of: 'child' | 'mentor'; data: WeeklyHours; onSaved: (data: WeeklyHours) => void }) {
    const { t, fmt } = useI18n();
    const [rows, setRows] = useState<Times[] | null>(null);
    const shown = ordered(rows ?? asNew(data.hours));
    const save = useAction(() => api.putWeeklyHours(of, data.who.id, data.version, { hours: shown }), onSaved);
    return (
        <>
            <p className="quiet">{t('hours.zone', { zone: fmt.zone(data.tz) })}</p>
            {save.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, save.error)}</p></Note>}
            {shown.length === 0 && <div className="card"><Empty icon={Clock} sentence={t(data.may_edit ? 'hours.empty' : 'hours.empty_read')} /></div>}
            {shown.length > 0 && <Week rows={shown} onRemove={data.may_edit ? (row) => { setRows(shown.filter((r) => r !== row)); } : null} />}
            {data.may_edit && <AddTimes mentor={of === 'mentor'} clashes={(more) => overlaps([...shown, ...more])} onAdd={(more) => { setRows([...shown, ...more]); }} />}
            {data.may_edit && (
                <div className="sheet-actions">
                    <Button look="main" isPending={save.pending} blocked={rows === null ? t('hours.unchanged') : null} onPress={() => { save.run(); }}>{t('hours.save')}</Button>
                </div>
            )}
        </>
    );
}

function Week({ rows, onRemove }: { rows: Times[]; onRemove: ((row: Times) => void) | null }) {
    const { t, fmt } = useI18n();
    return (
        <div className="card hours-week">
            {WEEKDAYS.filter((d) => rows.some((r) => r.weekday === d)).map((d) => (
                <section key={d} className="hours-day" aria-label={t(`hours.day.${d}`)}>
                    <h2>{t(`hours.day.${d}`)}</h2>
                    <ul className="programme-list">
                        {rows.filter((r) => r.weekday === d).map((r) => (
                            <li key={`${r.from} ${r.kind} ${r.since ?? ''}`}>
                                <span className="programme-chips">
                                    <span className="strong">{r.from}–{r.to}</span>
                                    <Chip tone={TONES[r.kind]}>{t(`hours.kind.${r.kind}`)}</Chip>
                                    {r.until && <span className="quiet small">{t('hours.until_day', { day: dayOf(fmt, r.until) })}</span>}
                                </span>
                                {onRemove && <IconButton framed icon={Trash2} name={t('hours.remove', { time: `${r.from}–${r.to}`, day: t(`hours.day.${d}`) })} onPress={() => { onRemove(r); }} />}
                            </li>
                        ))}
                    </ul>
                </section>
            ))}
        </div>
    );
}
