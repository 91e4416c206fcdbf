// SPDX-License-Identifier: Apache-2.0
//
// Everything one says of an event: when it is called, and when it is changed (its time and place are
// changed by a move).
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { EventKind, EventPeople } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { AgendaFields } from './AgendaFields.tsx';
import { missing, type Draft } from './form.ts';

const KINDS: EventKind[] = ['seminar', 'joint_meeting', 'conference'];

export function EventForm({ start, isNew, pending, error, onSend, onBack }: {
    start: Draft; isNew: boolean; pending: boolean; error: unknown; onSend: (d: Draft) => void; onBack: () => void;
}) {
    const { t } = useI18n();
    const { data, error: failed, reload } = useLoad('event-people', api.eventPeople);
    const [d, setD] = useState(start);
    const [tried, setTried] = useState(false);
    const wrong = tried ? missing(d, isNew) : [];
    const set = (more: Partial<Draft>) => { setD({ ...d, ...more }); };
    const need = (name: string) => (wrong.includes(name) ? t('events.form_need') : null);
    if (!data) return failed ? <Failed sentence={errorSentence(t, failed)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />;
    const people = data.people.filter((p, i) => data.people.findIndex((q) => q.id === p.id) === i);
    return (
        <form className="card event-card form" noValidate onSubmit={(f) => { f.preventDefault(); setTried(true); if (missing(d, isNew).length === 0) onSend(d); }}>
            <Choice label={t('events.form_what')} value={d.kind} onChange={(kind) => { set({ kind }); }} options={KINDS.map((value) => ({ value, label: t(`events.kind.${value}`) }))} />
            <TextField label={t('events.form_title')} value={d.title} onChange={(title) => { set({ title }); }} maxBytes={240} problem={need('title')} hint={t('events.form_title_hint')} />
            <TextField label={t('events.form_about')} rows={3} value={d.about} onChange={(about) => { set({ about }); }} maxBytes={2000} />
            {isNew ? <When d={d} set={set} need={need} people={data} /> : <p className="quiet">{t('events.form_times')}</p>}
            <div className="form-row">
                <Person label={t('events.chair')} people={people} value={d.chair} onChange={(chair) => { set({ chair }); }} problem={need('chair')} />
                <Person label={t('events.secretary')} people={people} value={d.secretary} onChange={(secretary) => { set({ secretary }); }} problem={need('secretary')} />
                <TextField label={t('events.form_answer_by')} type="date" value={d.answerBy} onChange={(answerBy) => { set({ answerBy }); }} {...(isNew ? { hint: t('events.form_answer_hint') } : {})} />
            </div>
            <h2>{t('events.agenda')}</h2>
            <AgendaFields rows={d.agenda} people={people} wrong={wrong} onChange={(agenda) => { set({ agenda }); }} />
            {error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, error)}</p></Note>}
            {wrong.length > 0 && <Note tone="warn" role="alert"><p>{t('events.form_fix')}</p></Note>}
            <div className="event-doings">
                <Button onPress={onBack}>{t('common.cancel')}</Button>
                <Button look="main" type="submit" isPending={pending}>{t(isNew ? 'events.form_send' : 'events.form_save')}</Button>
            </div>
        </form>
    );
}

function When({ d, set, need, people }: { d: Draft; set: (more: Partial<Draft>) => void; need: (name: string) => string | null; people: EventPeople }) {
    const { t, fmt } = useI18n();
    return (
        <>
            <TextField label={t('events.form_place')} value={d.place} onChange={(place) => { set({ place }); }} maxBytes={240} problem={need('place')} />
            <div className="form-row">
                <TextField label={t('events.form_date')} type="date" value={d.date} onChange={(date) => { set({ date }); }} problem={need('date')} />
                <TextField label={t('events.form_time')} type="time" value={d.time} onChange={(time) => { set({ time }); }} problem={need('time')} hint={t('events.zone', { zone: fmt.zone(people.tz) })} />
                <TextField label={t('events.form_minutes')} type="number" value={d.minutes} onChange={(minutes) => { set({ minutes }); }} problem={need('minutes')} />
            </div>
        </>
    );
}

function Person({ label, people, value, onChange, problem }: { label: string; people: EventPeople['people']; value: string; onChange: (v: string) => void; problem: string | null }) {
    const { t } = useI18n();
    return (
        <SelectField label={label} value={value} onChange={onChange} problem={problem}>
            <option value="">{t('events.form_choose')}</option>
            {people.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}
        </SelectField>
    );
}
