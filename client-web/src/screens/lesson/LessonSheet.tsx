// SPDX-License-Identifier: Apache-2.0
//
// One lesson over the page: what it is, what the register says, and what this person may do with it.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import { now } from '../../core/clock.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { NoShowOf } from '../noshow/NoShowPanel.tsx';
import { AmendForm } from './AmendForm.tsx';
import { CancelForm } from './CancelForm.tsx';
import { LessonActions, type Mode } from './LessonActions.tsx';
import { LessonFacts } from './LessonFacts.tsx';
import { MoveForm } from './MoveForm.tsx';
import { NoteForm } from './NoteForm.tsx';
import { Register } from './Register.tsx';
import { SubstituteForm } from './SubstituteForm.tsx';
import './lesson-sheet.css';

export function LessonSheet({ id, start = 'view', onClose, onChanged }: {
    id: number; start?: Mode; onClose: () => void; onChanged: () => void;
}) {
    const { t } = useI18n();
    const [mode, setMode] = useState<Mode>(start);
    const lesson = useLoad(`lesson ${id}`, (signal) => api.lesson(id, signal));
    const attendance = useLoad(`attendance ${id}`, async (signal) => {
        const { value } = await api.lesson(id, signal);
        return value.start <= now() && value.state !== 'cancelled' && value.state !== 'rescheduled' ? api.attendance(id, signal) : null;
    });
    const changed = () => { lesson.reload(); attendance.reload(); setMode('view'); onChanged(); };
    const back = () => { setMode('view'); };
    const it = lesson.data;
    const form = it && { lesson: it.value, etag: it.etag, onBack: back, onDone: changed };
    return (
        <Sheet open onClose={onClose} wide title={it ? t(`lesson.title.${mode}`, { subject: t(`subject.${it.value.subject}`) }) : t('lesson.title')}>
            {!it && (lesson.error ? <Failed sentence={errorSentence(t, lesson.error)} onRetry={lesson.reload} /> : <Loading onRetry={lesson.reload} />)}
            {it && form && (
                <>
                    <LessonFacts lesson={it.value} />
                    {mode === 'view' && attendance.data && <Register attendance={attendance.data} />}
                    {mode === 'view' && <NoShowOf lesson={it.value} onChanged={changed} />}
                    {mode === 'view' && <LessonActions lesson={it.value} onMode={setMode} />}
                    {mode === 'move' && <MoveForm {...form} />}
                    {mode === 'cancel' && <CancelForm {...form} />}
                    {mode === 'substitute' && <SubstituteForm {...form} />}
                    {mode === 'note' && <NoteForm {...form} />}
                    {mode === 'amend' && <AmendForm {...form} />}
                </>
            )}
        </Sheet>
    );
}
