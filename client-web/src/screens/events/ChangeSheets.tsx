// SPDX-License-Identifier: Apache-2.0
//
// Another time or place, and calling the event off: both with a reason that everybody reads.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Event } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import type { Versioned } from './EventPage.tsx';
import { localParts } from './times.ts';

interface Asked { event: Event; etag: string; onClose: () => void; onDone: (v: Versioned) => void }

export function MoveSheet({ event: e, etag, onClose, onDone }: Asked) {
    const { t, fmt } = useI18n();
    const was = localParts(e.start, e.tz);
    const [place, setPlace] = useState(e.place);
    const [date, setDate] = useState(was.date);
    const [time, setTime] = useState(was.time);
    const [minutes, setMinutes] = useState(String(Math.round((e.end - e.start) / 60_000)));
    const [reason, setReason] = useState('');
    const [tried, setTried] = useState(false);
    const send = useAction((key) => api.moveEvent(e.id, etag, { place: place.trim(), date, time, minutes: Number(minutes), reason: reason.trim() }, key), onDone);
    const need = (value: string) => (tried && !value.trim() ? t('events.form_need') : null);
    const ready = [place, date, time, minutes, reason].every((v) => v.trim());
    return (
        <Sheet open onClose={onClose} title={t('events.move_title')}>
            <form className="form" noValidate onSubmit={(f) => { f.preventDefault(); setTried(true); if (ready) send.run(); }}>
                <p className="quiet">{t('events.move_text')}</p>
                {send.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
                <TextField label={t('events.form_place')} value={place} onChange={setPlace} maxBytes={240} problem={need(place)} />
                <div className="form-row">
                    <TextField label={t('events.form_date')} type="date" value={date} onChange={setDate} problem={need(date)} />
                    <TextField label={t('events.form_time')} type="time" value={time} onChange={setTime} problem={need(time)} hint={t('events.zone', { zone: fmt.zone(e.tz) })} />
                    <TextField label={t('events.form_minutes')} type="number" value={minutes} onChange={setMinutes} problem={need(minutes)} />
                </div>
                <TextField label={t('events.why')} value={reason} onChange={setReason} maxBytes={400} problem={need(reason)} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" type="submit" isPending={send.pending}>{t('events.move_send')}</Button>
                </div>
            </form>
        </Sheet>
    );
}

export function CancelSheet({ event: e, etag, onClose, onDone }: Asked) {
    const { t } = useI18n();
    const [reason, setReason] = useState('');
    const [tried, setTried] = useState(false);
    const send = useAction((key) => api.cancelEvent(e.id, etag, { reason: reason.trim() }, key), onDone);
    return (
        <Sheet open onClose={onClose} title={t('events.cancel_title')}>
            <form className="form" noValidate onSubmit={(f) => { f.preventDefault(); setTried(true); if (reason.trim()) send.run(); }}>
                <p className="quiet">{t('events.cancel_text')}</p>
                {send.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
                <TextField label={t('events.why')} value={reason} onChange={setReason} maxBytes={400} problem={tried && !reason.trim() ? t('events.form_need') : null} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="danger" type="submit" isPending={send.pending}>{t('events.cancel_send')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
