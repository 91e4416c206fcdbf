// SPDX-License-Identifier: Apache-2.0
//
// What the mentor writes about a lesson for one child: topic, homework, mark, a remark.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Mark } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { MarkHistory } from '../marks/MarkHistory.tsx';
import type { LessonForm } from './form.ts';
import { FormFrame } from './FormFrame.tsx';

const MARKS = ['5', '4', '3', '2', 'pass', 'fail', 'not_attested', 'released'] as const;

export function NoteForm({ lesson, onBack, onDone }: LessonForm) {
    const { t } = useI18n();
    const [child, setChild] = useState(lesson.children[0]?.id ?? 0);
    const kept = lesson.notes.find((n) => n.child === child);
    const [text, setText] = useState({ topic: kept?.topic ?? '', homework: kept?.homework ?? '', mark: kept?.mark ?? '', text: kept?.text ?? '' });
    const [why, setWhy] = useState(''); // a mark that stands changes with a reason
    const changes = Boolean(kept?.mark) && text.mark !== (kept?.mark ?? '');
    const save = useAction(() => api.putNote(lesson.id, { child, ...text, mark: (text.mark || null) as Mark, mark_reason: changes ? why.trim() : null }), onDone);
    const choose = (id: string) => {
        const note = lesson.notes.find((n) => n.child === Number(id));
        setChild(Number(id));
        setWhy('');
        setText({ topic: note?.topic ?? '', homework: note?.homework ?? '', mark: note?.mark ?? '', text: note?.text ?? '' });
    };
    return (
        <FormFrame doIt={t('common.save')} onSubmit={() => { save.run(); }} onBack={onBack} pending={save.pending} error={save.error} tz={lesson.tz}
            blocked={!text.topic.trim() ? t('lesson.need_topic') : changes && !why.trim() ? t('marks.reason_needed') : null}>
            {lesson.children.length > 1 && (
                <SelectField label={t('lesson.child')} value={String(child)} onChange={choose}>
                    {lesson.children.map((c) => <option key={c.id} value={c.id}>{c.name}</option>)}
                </SelectField>
            )}
            <TextField label={t('lesson.topic')} value={text.topic} onChange={(topic) => { setText({ ...text, topic }); }} maxLength={200} maxBytes={400} />
            <TextField label={t('lesson.homework')} value={text.homework} onChange={(homework) => { setText({ ...text, homework }); }} maxLength={1000} maxBytes={2000} />
            <SelectField label={t('lesson.mark')} value={text.mark} onChange={(mark) => { setText({ ...text, mark }); }}>
                <option value="">{t('mark.none')}</option>
                {MARKS.map((m) => <option key={m} value={m}>{t(`mark.${m}`)}</option>)}
            </SelectField>
            {changes && <TextField label={t('marks.reason_of_change')} value={why} onChange={setWhy} maxLength={200} maxBytes={400} />}
            {kept?.mark && <MarkHistory lesson={lesson.id} child={child} />}
            <TextField label={t('lesson.remark')} value={text.text} onChange={(remark) => { setText({ ...text, text: remark }); }} rows={3} maxLength={1000} maxBytes={2000} />
        </FormFrame>
    );
}
