// SPDX-License-Identifier: Apache-2.0
//
// Holidays and terms as lists of spans: add, change, take away. What it does to lessons that are
// published is said at the span, before anything is saved.
import { useState } from 'react';
import { CalendarOff, Trash2 } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import type { SchoolCalendar, SchoolTerm } from '../../core/api.gen.ts';
import { daysOf, spansOf, type DaySpan } from '../../core/spans.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Note } from '../../ui/Note.tsx';
import { AddHoliday } from './AddHoliday.tsx';
import { Effect } from './Effect.tsx';
import { Terms } from './Terms.tsx';

export function CalendarEditor({ it, onSaved, onStale }: { it: SchoolCalendar; onSaved: (it: SchoolCalendar) => void; onStale: () => void }) {
    const { t } = useI18n();
    const [holidays, setHolidays] = useState<string[]>(it.holidays);
    const [terms, setTerms] = useState<SchoolTerm[]>(it.terms);
    const save = useAction(() => api.putCalendar(it.school.id, it.version, { hours: it.hours, holidays: [...holidays].sort(), terms }), onSaved);
    const added = spansOf(holidays.filter((d) => !it.holidays.includes(d)));
    const gone = spansOf(it.holidays.filter((d) => !holidays.includes(d)));
    const changed = added.length > 0 || gone.length > 0 || JSON.stringify(terms) !== JSON.stringify(it.terms);
    const stale = save.error instanceof Refused && save.error.error.code === 'stale';
    return (
        <>
            {save.error !== null && (
                <Note tone="bad" role="alert">
                    <p>{errorSentence(t, save.error)}</p>
                    {stale && <Button onPress={onStale}>{t('calendars.reload')}</Button>}
                </Note>
            )}
            <section className="card calendar-part" aria-labelledby="calendar-holidays">
                <h2 id="calendar-holidays">{t('calendars.holidays')}</h2>
                {holidays.length === 0 && <Empty icon={CalendarOff} sentence={t('calendars.no_holidays')} />}
                <Spans spans={spansOf(holidays)} isNew={(s) => added.some((a) => daysOf(s).includes(a.from))}
                    onRemove={it.may_edit ? (s) => { setHolidays(holidays.filter((d) => !daysOf(s).includes(d))); } : null} />
                {it.may_edit && <AddHoliday school={it.school.id} known={holidays} onAdd={(days) => { setHolidays([...new Set([...holidays, ...days])]); }} />}
            </section>
            <Terms terms={terms} onChange={it.may_edit ? setTerms : null} />
            {it.may_edit && (
                <section className="card calendar-part" aria-label={t('calendars.save')}>
                    {added.map((s) => <Effect key={s.from} school={it.school.id} span={s} />)}
                    {gone.length > 0 && <p className="quiet small">{t('calendars.gone')}</p>}
                    <div className="sheet-actions">
                        <Button look="main" isPending={save.pending} blocked={changed ? null : t('calendars.unchanged')} onPress={() => { save.run(); }}>{t('calendars.save')}</Button>
                    </div>
                </section>
            )}
        </>
    );
}

function Spans({ spans, isNew, onRemove }: { spans: DaySpan[]; isNew: (s: DaySpan) => boolean; onRemove: ((s: DaySpan) => void) | null }) {
    const { t, fmt } = useI18n();
    const words = (s: DaySpan) => (s.from === s.to ? fmt.dayYear(s.from) : t('calendars.span', { from: fmt.dayYear(s.from), to: fmt.dayYear(s.to), n: daysOf(s).length }));
    return (
        <ul className="calendar-list">
            {spans.map((s) => (
                <li key={s.from}>
                    <span>{words(s)} {isNew(s) && <Chip tone="info">{t('calendars.new')}</Chip>}</span>
                    {onRemove && <IconButton framed icon={Trash2} name={t('calendars.remove', { span: words(s) })} onPress={() => { onRemove(s); }} />}
                </li>
            ))}
        </ul>
    );
}
