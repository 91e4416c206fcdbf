// SPDX-License-Identifier: Apache-2.0
//
// An answer in one press: one's own, or a guardian's for its child. A note goes with it where there is
// room for one. What is refused stays on the page with its reason.
import { useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { api } from '../../core/api.ts';
import type { Event, EventBrief, EventInvite, EventReply } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import '../../ui/choice.css';

export function AnswerBar({ event: e, invite: i, note: withNote, onDone }: { event: EventBrief; invite: EventInvite; note?: boolean; onDone: (event: Event, etag: string) => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const [note, setNote] = useState(i.note ?? '');
    const [kept, setKept] = useState(false);
    const child = i.person.id !== me.id;
    const send = useAction(
        (key, answer: EventReply['answer']) => api.answerEvent(e.id, { answer, ...(note.trim() ? { note: note.trim() } : {}), ...(child ? { person: i.person.id } : {}) }, key),
        (got) => { setKept(true); onDone(got.value, got.etag); });
    if (me.role === 'child' || e.state === 'cancelled' || e.start <= now()) return null;
    const label = child ? t('events.answer_child', { name: i.person.given }) : t('events.answer');
    const ways: [EventReply['answer'], string][] = child ? [['yes', t('events.child_yes')], ['no', t('events.child_no')]]
        : [['yes', t('events.yes')], ['maybe', t('events.maybe')], ['no', t('events.no')]];
    return (
        <div className="event-answer">
            <p><span className="strong">{label}</span> <span className="quiet">{t('events.answer_by', { when: fmt.dayTime(e.answer_by, me.tz) })}</span></p>
            {i.exception && <p>{t('events.answer_child_why', { why: i.exception })}</p>}
            {withNote && <TextField label={t('events.note')} value={note} onChange={setNote} maxBytes={400} />}
            {send.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
            <div className="choice-row" role="group" aria-label={label}>
                {ways.map(([answer, text]) => (
                    <ToggleButton key={answer} className="choice-item" isSelected={i.answer === answer} onChange={() => { setKept(false); send.run(answer); }}>{text}</ToggleButton>
                ))}
            </div>
            <p role="status" className="quiet small">{kept ? t('events.kept') : ''}</p>
        </div>
    );
}
