// SPDX-License-Identifier: Apache-2.0
//
// Gives the lesson to another mentor; those who teach the subject come first.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';
import type { LessonForm } from './form.ts';
import { FormFrame } from './FormFrame.tsx';
import { MentorField } from './MentorField.tsx';

export function SubstituteForm({ lesson, etag, onBack, onDone }: LessonForm) {
    const { t } = useI18n();
    const mentors = useLoad('mentors', (signal) => api.mentors(undefined, undefined, signal));
    const [mentor, setMentor] = useState('');
    const [reason, setReason] = useState('');
    const swap = useAction((key) => api.substitute(lesson.id, etag, { mentor: Number(mentor), reason: reason.trim() }, key), onDone);
    const missing = !mentor ? t('lesson.need_mentor') : !reason.trim() ? t('lesson.need_reason') : null;
    return (
        <FormFrame doIt={t('lesson.do.substitute')} onSubmit={() => { swap.run(); }} onBack={onBack} pending={swap.pending} error={swap.error} tz={lesson.tz} blocked={missing}>
            <MentorField mentors={mentors} subject={lesson.subject} without={lesson.mentor.id} value={mentor} onChange={setMentor} label={t('lesson.new_mentor')} />
            <TextField label={t('lesson.reason')} value={reason} onChange={setReason} maxLength={200} maxBytes={400} hint={t('lesson.reason_hint')} />
        </FormFrame>
    );
}
