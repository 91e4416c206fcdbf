// SPDX-License-Identifier: Apache-2.0
//
// Moves a lesson. A refusal names the rule and the other lesson and offers free times: one press puts
// such a time into the form.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import { wall, wholeMinutes } from '../../core/wall.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';
import type { LessonForm } from './form.ts';
import { FormFrame } from './FormFrame.tsx';
import { TimeFields, timeComplete, type When } from './TimeFields.tsx';

export function MoveForm({ lesson, etag, onBack, onDone }: LessonForm) {
    const { t } = useI18n();
    const [when, setWhen] = useState<When>({ ...wall(lesson.start, lesson.tz), minutes: String(wholeMinutes(lesson.end - lesson.start)) });
    const [reason, setReason] = useState('');
    const move = useAction((key, pick?: 'earlier' | 'later') => api.moveLesson(lesson.id, etag, {
        date: when.date, time: when.time, minutes: Number(when.minutes), reason: reason.trim(), ...(pick ? { pick } : {}),
    }, key), onDone);
    const missing = !timeComplete(when) ? t('lesson.need_time') : !reason.trim() ? t('lesson.need_reason') : null;
    return (
        <FormFrame doIt={t('lesson.do.move')} onSubmit={() => { move.run(); }} onBack={onBack} pending={move.pending} error={move.error} tz={lesson.tz}
            blocked={missing} onPick={(pick) => { move.run(pick); }}
            onSlot={(slot) => { setWhen({ ...wall(slot.start, lesson.tz), minutes: String(wholeMinutes(slot.end - slot.start)) }); move.clear(); }}>
            <TimeFields when={when} onChange={setWhen} tz={lesson.tz} />
            <TextField label={t('lesson.reason')} value={reason} onChange={setReason} maxLength={200} maxBytes={400} hint={t('lesson.reason_hint')} />
        </FormFrame>
    );
}
