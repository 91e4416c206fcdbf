// SPDX-License-Identifier: Apache-2.0
//
// One event: what, when, where; the own answer; the agenda; for those who keep it who comes; the minutes.
import { useState } from 'react';
import { CalendarClock, CalendarX2, MapPinCheck, Pencil } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Event } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { AnswerBar } from './AnswerBar.tsx';
import { CancelSheet, MoveSheet } from './ChangeSheets.tsx';
import { EventAgenda } from './EventAgenda.tsx';
import { EventFacts } from './EventFacts.tsx';
import { EventGuests } from './EventGuests.tsx';
import { EventMinutes } from './EventMinutes.tsx';
import { EventsFrame } from './EventsFrame.tsx';
import '../../ui/table.css';

export interface Versioned { value: Event; etag: string }

export default function EventPage({ id }: { id: number }) {
    const { t } = useI18n();
    const me = useMe();
    const { data, error, reload, set } = useLoad(`event ${id}`, (signal) => api.event(id, signal));
    const e = data?.value;
    const keeps = me.role === 'coordinator' || e?.secretary.id === me.id;
    return (
        <EventsFrame title={e?.title ?? t('events.title')} inner problem={!e && error !== null} actions={e?.may.change && <Doings event={e} etag={data?.etag ?? ''} onDone={set} />}>
            {!e && (error ? <Failed sentence={errorSentence(t, error, me.role)} onRetry={reload} /> : <Loading rows={4} onRetry={reload} />)}
            {e && data && (
                <>
                    <About event={e} onDone={set} />
                    <EventAgenda event={e} />
                    {keeps && <EventGuests event={e} onDone={set} />}
                    <EventMinutes event={e} etag={data.etag} onDone={set} />
                </>
            )}
        </EventsFrame>
    );
}

function Doings({ event: e, etag, onDone }: { event: Event; etag: string; onDone: (v: Versioned) => void }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const [open, setOpen] = useState<'move' | 'cancel' | null>(null);
    const close = () => { setOpen(null); };
    const done = (v: Versioned) => { close(); onDone(v); };
    return (
        <>
            <Button icon={Pencil} onPress={() => { go({ at: 'event_edit', id: e.id }); }}>{t('events.change')}</Button>
            <Button icon={CalendarClock} onPress={() => { setOpen('move'); }}>{t('events.move')}</Button>
            <Button icon={CalendarX2} onPress={() => { setOpen('cancel'); }}>{t('events.cancel')}</Button>
            {open === 'move' && <MoveSheet event={e} etag={etag} onClose={close} onDone={done} />}
            {open === 'cancel' && <CancelSheet event={e} etag={etag} onClose={close} onDone={done} />}
        </>
    );
}

function About({ event: e, onDone }: { event: Event; onDone: (v: Versioned) => void }) {
    const { t } = useI18n();
    const me = useMe();
    const here = useAction((key) => api.checkInToEvent(e.id, key), onDone);
    const mine = e.mine.find((i) => i.person.id === me.id);
    const facts: [string, string][] = [[t('events.chair'), e.chair.name], [t('events.secretary'), e.secretary.name], [t('events.organiser'), e.organiser.name]];
    return (
        <section className="card event-card">
            {e.state === 'cancelled' && <Note tone="bad"><p>{t('events.reason_cancel', { reason: e.reason ?? '' })}</p></Note>}
            {e.state === 'planned' && e.reason && <Note tone="info"><p>{t('events.reason_move', { reason: e.reason })}</p></Note>}
            <EventFacts event={e} />
            {e.about && <p className="event-text">{e.about}</p>}
            <dl className="event-facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
            {here.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, here.error)}</p></Note>}
            {e.may.check_in && <div><Button look={e.may.write ? 'plain' : 'main'} icon={MapPinCheck} isPending={here.pending} onPress={() => { here.run(); }}>{t('events.check_in')}</Button></div>}
            {mine?.self && <Note tone="ok" role="status"><p>{t('events.checked_in')}</p></Note>}
            {e.mine.map((i) => <AnswerBar key={i.person.id} event={e} invite={i} note onDone={(value, etag) => { onDone({ value, etag }); }} />)}
        </section>
    );
}
