// SPDX-License-Identifier: Apache-2.0
//
// Choosing a mentor and ending an assignment, each with its reason.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Assignment, Candidate, SubjectCode } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { SheetForm } from './SheetForm.tsx';

export function ChooseSheet({ child, candidate, subject, onClose, onDone }: {
    child: number; candidate: Candidate; subject: SubjectCode | null; onClose: () => void; onDone: () => void;
}) {
    const { t } = useI18n();
    const [reason, setReason] = useState('');
    const choose = useAction((key) => api.assign(child, {
        mentor: candidate.mentor.id, reason: reason.trim(), ...(subject ? { role: 'subject' as const, subject } : { role: 'lead' as const }),
    }, key), onDone);
    const role = subject ? t('candidates.subject_mentor', { subject: t(`subject.${subject}`) }) : t('candidates.lead');
    return (
        <Sheet open onClose={onClose} title={t('candidates.choose_title', { name: candidate.mentor.name })}>
            <SheetForm doIt={t('candidates.choose')} onSubmit={() => { choose.run(); }} onBack={onClose} pending={choose.pending} error={choose.error}
                blocked={reason.trim() ? null : t('candidates.need_why')}>
                <p>{t('candidates.as', { role })}</p>
                <TextField label={t('candidates.why')} value={reason} onChange={setReason} rows={3} maxLength={200} maxBytes={400} autoFocus />
            </SheetForm>
        </Sheet>
    );
}

export function EndSheet({ assignment, onClose, onDone }: { assignment: Assignment; onClose: () => void; onDone: () => void }) {
    const { t } = useI18n();
    const [reason, setReason] = useState('');
    const end = useAction((key) => api.endAssignment(assignment.id, { reason: reason.trim() }, key), onDone);
    return (
        <Sheet open onClose={onClose} title={t('candidates.end_title', { name: assignment.mentor.name })}>
            <SheetForm doIt={t('candidates.end')} onSubmit={() => { end.run(); }} onBack={onClose} pending={end.pending} error={end.error}
                blocked={reason.trim() ? null : t('candidates.need_why')}>
                <p>{t('candidates.end_note')}</p>
                <TextField label={t('candidates.end_why')} value={reason} onChange={setReason} rows={3} maxLength={200} maxBytes={400} autoFocus />
            </SheetForm>
        </Sheet>
    );
}
