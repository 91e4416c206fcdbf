// SPDX-License-Identifier: Apache-2.0
//
// Subjects with the grades a mentor may teach (item 21).
import { useState } from 'react';
import { BookOpenCheck, Plus } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { SubjectCode } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { SUBJECTS } from '../../ui/subjects.ts';
import type { Part } from './MentorFile.tsx';
import { PaperState } from './PaperState.tsx';
import { SheetForm } from './SheetForm.tsx';
import { useHiringWords } from './useHiringWords.ts';

const GRADES = Array.from({ length: 11 }, (_, i) => String(i + 1));
const isSubject = (code: string): code is SubjectCode => code in SUBJECTS;

export function Qualifications({ file, onFile, own }: Part) {
    const { t } = useI18n();
    const { day } = useHiringWords();
    const { role } = useMe();
    const [adding, setAdding] = useState(false);
    return (
        <section className="card" aria-labelledby="hiring-qualifications">
            <div className="panel-head">
                <h2 id="hiring-qualifications">{t('hiring.qualifications')}</h2>
                {(own || role === 'coordinator') && <Button icon={Plus} onPress={() => { setAdding(true); }}>{t('hiring.add_qualification')}</Button>}
            </div>
            {file.qualifications.length === 0 && <Empty icon={BookOpenCheck} sentence={t('hiring.no_qualification')} />}
            <ul className="paper-list">
                {file.qualifications.map((q) => {
                    const subject = isSubject(q.subject) ? t(`subject.${q.subject}`) : q.subject;
                    return (
                        <li key={q.id} className="paper">
                            <div className="paper-what">
                                <p className="strong">{t('hiring.subject_grades', { subject, from: q.grade_from, to: q.grade_to })}</p>
                                <p className="quiet small">{q.level ? t('hiring.qualification_facts', { level: q.level, issued: day(q.issued) }) : t('hiring.since', { day: day(q.issued) })}</p>
                            </div>
                            <PaperState verifiedBy={q.verified_by} expires={null} tz={file.tz} own={own} name={subject}
                                verify={(key) => api.verifyPaper('qualifications', q.id, key)} onFile={onFile} />
                        </li>
                    );
                })}
            </ul>
            {adding && <QualificationSheet file={file} own={own} onClose={() => { setAdding(false); }} onFile={(f) => { setAdding(false); onFile(f); }} />}
        </section>
    );
}

function QualificationSheet({ file, onClose, onFile }: Part & { onClose: () => void }) {
    const { t } = useI18n();
    const [subject, setSubject] = useState<SubjectCode>('maths');
    const [level, setLevel] = useState('');
    const [from, setFrom] = useState('1');
    const [to, setTo] = useState('4');
    const [issued, setIssued] = useState('');
    const add = useAction((key) => api.addQualification(file.mentor.id, { subject, level: level.trim(), grade_from: Number(from), grade_to: Number(to), issued }, key), onFile);
    const backwards = Number(to) < Number(from) ? t('hiring.field.grade_to') : null;
    return (
        <SheetForm title={t('hiring.add_qualification')} doIt={t('common.save')} onSubmit={() => { add.run(); }} onClose={onClose} pending={add.pending} error={add.error}
            blocked={backwards ?? (!level.trim() || !issued ? t('hiring.need_all') : null)}>
            <SelectField label={t('hiring.subject')} value={subject} onChange={(s) => { if (isSubject(s)) setSubject(s); }}>
                {Object.keys(SUBJECTS).filter(isSubject).map((s) => <option key={s} value={s}>{t(`subject.${s}`)}</option>)}
            </SelectField>
            <TextField label={t('hiring.level')} value={level} onChange={setLevel} maxLength={80} maxBytes={160} hint={t('hiring.level_hint')} />
            <div className="form-row">
                <SelectField label={t('hiring.grade_from')} value={from} onChange={setFrom}>{GRADES.map((g) => <option key={g}>{g}</option>)}</SelectField>
                <SelectField label={t('hiring.grade_to')} value={to} onChange={setTo} problem={backwards}>{GRADES.map((g) => <option key={g}>{g}</option>)}</SelectField>
                <TextField label={t('hiring.issued')} type="date" value={issued} onChange={setIssued} />
            </div>
        </SheetForm>
    );
}
