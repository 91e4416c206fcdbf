// SPDX-License-Identifier: Apache-2.0
//
// Cancels a lesson that has not begun: on whose side the cause lies, and why.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Side } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { TextField } from '../../ui/Field.tsx';
import type { LessonForm } from './form.ts';
import { FormFrame } from './FormFrame.tsx';

const SIDES: Side[] = ['child', 'mentor', 'school', 'centre'];

export function CancelForm({ lesson, etag, onBack, onDone }: LessonForm) {
    const { t } = useI18n();
    const [side, setSide] = useState<Side>('child');
    const [reason, setReason] = useState('');
    const cancel = useAction((key) => api.cancelLesson(lesson.id, etag, { side, reason: reason.trim() }, key), onDone);
    return (
        <FormFrame doIt={t('lesson.do.cancel')} danger onSubmit={() => { cancel.run(); }} onBack={onBack} pending={cancel.pending} error={cancel.error}
            tz={lesson.tz} blocked={reason.trim() ? null : t('lesson.need_reason')}>
            <Choice<Side> label={t('lesson.side')} value={side} onChange={setSide} options={SIDES.map((value) => ({ value, label: t(`side.${value}`) }))} />
            <TextField label={t('lesson.reason')} value={reason} onChange={setReason} maxLength={200} maxBytes={400} hint={t('lesson.reason_hint')} />
        </FormFrame>
    );
}
