// SPDX-License-Identifier: Apache-2.0
//
// Corrects a child's code. The first code stays in the register; this one stands beside it with author,
// reason and time.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { AmendmentNew } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import type { LessonForm } from './form.ts';
import { FormFrame } from './FormFrame.tsx';

const CODES: AmendmentNew['code'][] = ['I', 'M', 'C', 'U', 'X', 'H'];

export function AmendForm({ lesson, onBack, onDone }: LessonForm) {
    const { t } = useI18n();
    const [child, setChild] = useState(String(lesson.children[0]?.id ?? ''));
    const [code, setCode] = useState<AmendmentNew['code']>('I');
    const [reason, setReason] = useState('');
    const [paper, setPaper] = useState('');
    const amend = useAction((key) => api.amend(lesson.id, {
        child: Number(child), code, reason: reason.trim(), ...(paper.trim() ? { document: paper.trim() } : {}),
    }, key), onDone);
    return (
        <FormFrame doIt={t('lesson.do.amend')} onSubmit={() => { amend.run(); }} onBack={onBack} pending={amend.pending} error={amend.error} tz={lesson.tz}
            blocked={reason.trim() ? null : t('lesson.need_reason')}>
            <p className="quiet small">{t('lesson.amend_note')}</p>
            {lesson.children.length > 1 && (
                <SelectField label={t('lesson.child')} value={child} onChange={setChild}>
                    {lesson.children.map((c) => <option key={c.id} value={c.id}>{c.name}</option>)}
                </SelectField>
            )}
            <SelectField label={t('lesson.code')} value={code} onChange={(v) => { setCode(v as AmendmentNew['code']); }}>
                {CODES.map((c) => <option key={c} value={c}>{`${c} · ${t(`code.${c}`)}`}</option>)}
            </SelectField>
            <div className="form-row">
                <TextField label={t('lesson.reason')} value={reason} onChange={setReason} maxLength={200} maxBytes={400} />
                <TextField label={t('lesson.paper')} value={paper} onChange={setPaper} maxLength={32} maxBytes={64} />
            </div>
        </FormFrame>
    );
}
