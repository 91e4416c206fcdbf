// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Application, HiringFile } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';
import { SheetForm } from './SheetForm.tsx';

/** A step that needs a reason: back to the mentor, suspended, ended. Says first what it does. */
export function ReasonSheet({ application: a, step, onClose, onFile }: {
    application: Application; step: 'return' | 'suspend' | 'end'; onClose: () => void; onFile: (file: HiringFile) => void;
}) {
    const { t } = useI18n();
    const [reason, setReason] = useState('');
    const go = useAction((key) => api.stepApplication(a.id, a.rev, { step, reason: reason.trim() }, key), onFile);
    return (
        <SheetForm title={t(`hiring.step.${step}`)} doIt={t(`hiring.step.${step}`)} onSubmit={() => { go.run(); }} onClose={onClose} pending={go.pending} error={go.error}
            danger={step !== 'return'} blocked={reason.trim() ? null : t('hiring.need_reason')}>
            <p>{t(`hiring.means.${step}`, { school: a.school.name })}</p>
            <TextField label={t('hiring.reason')} value={reason} onChange={setReason} rows={2} maxLength={200} maxBytes={400} hint={t('hiring.reason_hint')} />
        </SheetForm>
    );
}
