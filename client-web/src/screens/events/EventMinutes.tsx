// SPDX-License-Identifier: Apache-2.0
//
// The minutes: written while they are open, then read, signed and added to.
import { useState } from 'react';
import { PenLine, Printer } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Event, EventDecision } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Note } from '../../ui/Note.tsx';
import type { Versioned } from './EventPage.tsx';
import { MinutesForm } from './MinutesForm.tsx';

export function EventMinutes({ event: e, etag, onDone }: { event: Event; etag: string; onDone: (v: Versioned) => void }) {
    const { t } = useI18n();
    const closed = e.minutes !== 'draft';
    const me = useMe();
    if (e.state === 'cancelled' || (me.role === 'child' && !closed)) return null;
    return (
        <section className="card event-card">
            <h2>{t('events.minutes')}</h2>
            {!closed && !e.may.write && <p className="quiet">{t('events.minutes_none')}</p>}
            {e.may.write && <MinutesForm event={e} etag={etag} onDone={onDone} />}
            {closed && <Read event={e} onDone={onDone} />}
            {(closed || e.may.write) && <div><LinkButton icon={Printer} href={api.eventFile(e.id, 'minutes')}>{t('events.print_minutes')}</LinkButton></div>}
        </section>
    );
}

function Decision({ of: d }: { of: EventDecision }) {
    const { t, fmt } = useI18n();
    const who = d.who?.name ?? d.who_name;
    const due = d.due && fmt.dayYear(d.due);
    return <li><span className="event-text">{d.text}</span>{(who ?? due) && <span className="row-sub">{who && due ? t('events.decision_by', { who, due }) : who ?? t('events.decision_until', { due: due ?? '' })}</span>}</li>;
}

function Read({ event: e, onDone }: { event: Event; onDone: (v: Versioned) => void }) {
    const { t, fmt } = useI18n();
    const { tz, id } = useMe();
    const sign = useAction((key) => api.signEvent(e.id, key), onDone);
    const { chair, secretary } = e.signatures;
    const own = e.chair.id === id ? chair : secretary;
    return (
        <>
            {e.quorum && !e.quorum.holds && <Note tone="warn"><p>{t('events.quorum_was_none', { present: e.quorum.present, needed: e.quorum.needed })}</p></Note>}
            {e.text && <p className="event-text">{e.text}</p>}
            {e.decisions.length > 0 && <><h3>{t('events.decisions')}</h3><ol className="event-list">{e.decisions.map((d, i) => <Decision key={i} of={d} />)}</ol></>}
            <p>{chair ? t('events.signed_chair', { when: fmt.dayTime(chair, tz) }) : t('events.unsigned_chair')}</p>
            <p>{secretary ? t('events.signed_secretary', { when: fmt.dayTime(secretary, tz) }) : t('events.unsigned_secretary')}</p>
            {sign.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, sign.error)}</p></Note>}
            {e.may.sign && !own && <div><Button look="main" icon={PenLine} isPending={sign.pending} onPress={() => { sign.run(); }}>{t('events.sign')}</Button></div>}
            {e.addenda.length > 0 && (
                <><h3>{t('events.addenda')}</h3><ol className="event-list">{e.addenda.map((a) => (
                    <li key={a.at}><span className="event-text">{a.text}</span><span className="row-sub">{t('events.addendum_by', { name: a.by.name, when: fmt.dayTime(a.at, tz) })}</span></li>
                ))}</ol></>
            )}
            {e.may.add && <Addendum event={e} onDone={onDone} />}
        </>
    );
}

function Addendum({ event: e, onDone }: { event: Event; onDone: (v: Versioned) => void }) {
    const { t } = useI18n();
    const [text, setText] = useState('');
    const [tried, setTried] = useState(false);
    const send = useAction((key) => api.addToEvent(e.id, { text: text.trim() }, key), (v) => { setText(''); setTried(false); onDone(v); });
    return (
        <form className="form" noValidate onSubmit={(f) => { f.preventDefault(); setTried(true); if (text.trim()) send.run(); }}>
            {send.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
            <TextField label={t('events.addendum_new')} rows={2} value={text} onChange={setText} maxBytes={4000} problem={tried && !text.trim() ? t('events.form_need') : null} />
            <div><Button type="submit" isPending={send.pending}>{t('events.addendum_send')}</Button></div>
        </form>
    );
}
