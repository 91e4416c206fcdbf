// SPDX-License-Identifier: Apache-2.0
//
// Enters a programme into the catalogue. The same subject, grade and title is its next version.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { SubjectCode } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { SUBJECTS } from '../../ui/subjects.ts';
import { SheetForm } from './SheetForm.tsx';

const WEEKS = 34;

export function CatalogueSheet({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
    const { t } = useI18n();
    const [subject, setSubject] = useState<SubjectCode>('maths');
    const [grade, setGrade] = useState('5');
    const [title, setTitle] = useState('');
    const [week, setWeek] = useState('80');
    const [year, setYear] = useState(String(80 * WEEKS));
    const [topics, setTopics] = useState('');
    const enter = useAction((key) => api.enterProgramme({
        subject, grade: Number(grade), title: title.trim(), week_minutes: Number(week), year_minutes: Number(year),
        topics: topics.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => ({ title: line.slice(0, 120), minutes: 0 })),
    }, key), onDone);
    const fits = Number(week) > 0 && Number(year) >= Number(week);
    const missing = !title.trim() ? t('programme.need_title') : !fits ? t('programme.need_minutes') : null;
    return (
        <Sheet open wide onClose={onClose} title={t('programme.enter')}>
            <SheetForm doIt={t('programme.enter')} onSubmit={() => { enter.run(); }} onBack={onClose} pending={enter.pending} error={enter.error} blocked={missing}>
                <div className="form-row">
                    <SelectField label={t('programme.subject')} value={subject} onChange={(s) => { setSubject(s as SubjectCode); }}>
                        {(Object.keys(SUBJECTS) as SubjectCode[]).map((s) => <option key={s} value={s}>{t(`subject.${s}`)}</option>)}
                    </SelectField>
                    <SelectField label={t('programme.grade')} value={grade} onChange={setGrade}>
                        {Array.from({ length: 11 }, (_, i) => <option key={i} value={i + 1}>{i + 1}</option>)}
                    </SelectField>
                </div>
                <TextField label={t('programme.name')} value={title} onChange={setTitle} maxLength={120} maxBytes={240} />
                <div className="form-row">
                    <TextField label={t('programme.week_minutes')} type="number" inputMode="numeric" value={week} onChange={(v) => { setWeek(v); setYear(String(Number(v) * WEEKS)); }} />
                    <TextField label={t('programme.year_minutes')} type="number" inputMode="numeric" value={year} onChange={setYear} />
                </div>
                <TextField label={t('programme.topics')} rows={5} value={topics} onChange={setTopics} />
            </SheetForm>
        </Sheet>
    );
}
