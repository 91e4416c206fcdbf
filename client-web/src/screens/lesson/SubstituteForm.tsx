// SPDX-License-Identifier: Apache-2.0
//
// Gives the lesson to another mentor: whoever may come first, and of the others why not.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Offers } from '../mentors/Offers.tsx';
import type { LessonForm } from './form.ts';
import { FormFrame } from './FormFrame.tsx';

export function SubstituteForm({ lesson, etag, onBack, onDone }: LessonForm) {
    const { t } = useI18n();
    const offers = useLoad(`substitutes ${lesson.id}`, (signal) => api.substitutes(lesson.id, signal));
    const [mentor, setMentor] = useState('');
    const [reason, setReason] = useState('');
    const swap = useAction((key) => api.substitute(lesson.id, etag, { mentor: Number(mentor), reason: reason.trim() }, key), onDone);
    const missing = !mentor ? t('lesson.need_mentor') : !reason.trim() ? t('lesson.need_reason') : null;
    return (
        <FormFrame doIt={t('lesson.do.substitute')} onSubmit={() => { swap.run(); }} onBack={onBack} pending={swap.pending} error={swap.error} tz={lesson.tz} blocked={missing}>
            {!offers.data && (offers.error ? <Failed sentence={errorSentence(t, offers.error)} onRetry={offers.reload} /> : <Loading rows={3} onRetry={offers.reload} />)}
            {offers.data && <Offers items={offers.data.items} value={mentor} onChange={setMentor} />}
            <TextField label={t('lesson.reason')} value={reason} onChange={setReason} maxLength={200} maxBytes={400} hint={t('lesson.reason_hint')} />
        </FormFrame>
    );
}
