// SPDX-License-Identifier: Apache-2.0
//
// What was heard and decided, who does what until when; then closing. What somebody else wrote meanwhile
// is never overwritten unseen, and what is typed here is never lost to it.
import { useState } from 'react';
import { Lock, Plus, Trash2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Event, EventDecisionNew } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Note } from '../../ui/Note.tsx';
import type { Versioned } from './EventPage.tsx';
import { WhoField } from './WhoField.tsx';

interface Row { text: string; who: string; name: string; due: string }

const rowsOf = (e: Event): Row[] => e.decisions.map((d) => ({ text: d.text, who: d.who ? String(d.who.id) : d.who_name ? 'other' : '', name: d.who_name ?? '', due: d.due ?? '' }));
const bodyOf = (r: Row): EventDecisionNew => ({
    text: r.text.trim(), ...(r.who === 'other' ? (r.name.trim() ? { who_name: r.name.trim() } : {}) : r.who ? { who: Number(r.who) } : {}), ...(r.due ? { due: r.due } : {}),
});
const stateOf = (e: Event): string => JSON.stringify([e.text, e.decisions]);

export function MinutesForm({ event: e, etag, onDone }: { event: Event; etag: string; onDone: (v: Versioned) => void }) {
    const { t } = useI18n();
    const [text, setText] = useState(e.text ?? '');
    const [rows, setRows] = useState(() => rowsOf(e));
    const [seen, setSeen] = useState(() => stateOf(e));
    const [told, setTold] = useState<'kept' | 'other' | null>(null);
    const save = useAction(() => api.writeEventMinutes(e.id, etag, { text: text.trim(), decisions: rows.filter((r) => r.text.trim()).map(bodyOf) }),
        (v) => { setSeen(stateOf(v.value)); setTold('kept'); onDone(v); });
    const close = useAction(async (key) => {
        const kept = await api.writeEventMinutes(e.id, etag, { text: text.trim(), decisions: rows.filter((r) => r.text.trim()).map(bodyOf) });
        setSeen(stateOf(kept.value));
        onDone(kept);
        return api.freezeEvent(e.id, kept.etag, key);
    }, onDone);
    const guarded = (run: () => void) => {
        const other = stateOf(e) !== seen;
        setTold(other ? 'other' : null);
        if (!other) run();
    };
    const set = (n: number, more: Partial<Row>) => { setTold(null); setRows(rows.map((r, i) => (i === n ? { ...r, ...more } : r))); };
    const people = e.invites.filter((i) => !i.child).map((i) => i.person);
    const error = save.error ?? close.error;
    return (
        <form className="form" noValidate onSubmit={(f) => { f.preventDefault(); guarded(() => { save.run(); }); }}>
            <TextField label={t('events.minutes_text')} rows={8} value={text} onChange={(v) => { setTold(null); setText(v); }} maxBytes={16000} />
            <h3>{t('events.decisions')}</h3>
            {rows.map((r, n) => (
                <fieldset className="event-item" key={n}>
                    <legend className="strong">{t('events.decision', { n: n + 1 })}</legend>
                    <TextField label={t('events.decision_text')} rows={2} value={r.text} onChange={(v) => { set(n, { text: v }); }} maxBytes={2000} />
                    <div className="form-row">
                        <WhoField label={t('events.decision_who')} people={people} who={r.who} name={r.name} onChange={(who, name) => { set(n, { who, name }); }} />
                        <TextField label={t('events.decision_due')} type="date" value={r.due} onChange={(v) => { set(n, { due: v }); }} />
                    </div>
                    <div><IconButton framed icon={Trash2} name={t('events.decision_remove', { n: n + 1 })} onPress={() => { setRows(rows.filter((_, i) => i !== n)); }} /></div>
                </fieldset>
            ))}
            <div><Button icon={Plus} onPress={() => { setRows([...rows, { text: '', who: '', name: '', due: '' }]); }}>{t('events.decision_add')}</Button></div>
            <p role="status" className="quiet">{told === 'kept' ? t('events.minutes_saved') : ''}</p>
            <p className="quiet">{t('events.freeze_text')}</p>
            {error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, error)}</p></Note>}
            {told === 'other' && <Note tone="warn" role="alert"><p>{t('error.stale')}</p></Note>}
            <div className="event-doings">
                <Button type="submit" isPending={save.pending}>{t('events.minutes_save')}</Button>
                <Button look="main" icon={Lock} isPending={close.pending} onPress={() => { guarded(() => { close.run(); }); }}>{t('events.freeze')}</Button>
            </div>
        </form>
    );
}
