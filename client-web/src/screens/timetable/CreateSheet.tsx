// SPDX-License-Identifier: Apache-2.0
//
// Puts a lesson on the timetable. Choosing a child offers its subjects and fills in who teaches them.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { SubjectCode } from '../../core/api.gen.ts';
import { wall, wholeMinutes } from '../../core/wall.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { SUBJECTS } from '../../ui/subjects.ts';
import { FormFrame } from '../lesson/FormFrame.tsx';
import { MentorField } from '../lesson/MentorField.tsx';
import { TimeFields, timeComplete, type When } from '../lesson/TimeFields.tsx';

export function CreateSheet({ date, draft, onClose, onCreated }: { date: string; draft?: number; onClose: () => void; onCreated: (date: string) => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const children = useLoad('children', (signal) => api.children(undefined, undefined, signal));
    const mentors = useLoad('mentors', (signal) => api.mentors(undefined, undefined, signal));
    const [child, setChild] = useState('');
    const [subject, setSubject] = useState<SubjectCode>('maths');
    const [mentor, setMentor] = useState('');
    const [when, setWhen] = useState<When>({ date, time: '', minutes: '40' });
    const chosen = children.data?.items.find((c) => String(c.child.id) === child);
    const tz = chosen?.tz ?? me.centre.tz;
    const teacherOf = (id: string, of: SubjectCode) =>
        children.data?.items.find((c) => String(c.child.id) === id)?.mentors.find((m) => m.subject === of)?.mentor.id;

    const pick = (nextChild: string, nextSubject: SubjectCode) => {
        setChild(nextChild);
        setSubject(nextSubject);
        const usual = teacherOf(nextChild, nextSubject);
        if (usual) setMentor(String(usual));
    };
    const create = useAction((key, doubled?: 'earlier' | 'later') => {
        const wish = {
            subject, mentor: Number(mentor), children: [Number(child)], date: when.date, time: when.time, minutes: Number(when.minutes),
            ...(doubled ? { pick: doubled } : {}),
        };
        return draft ? api.planLesson(draft, wish, key) : api.createLesson(wish, key);
    }, ({ value }) => { onCreated(wall(value.start, me.centre.tz).date); });
    const missing = !child ? t('lesson.need_child') : !mentor ? t('lesson.need_mentor') : !timeComplete(when) ? t('lesson.need_time') : null;
    return (
        <Sheet open onClose={onClose} wide title={t('timetable.new')}>
            <FormFrame doIt={t('timetable.create')} onSubmit={() => { create.run(); }} onBack={onClose} pending={create.pending} error={create.error} tz={tz}
                blocked={missing} onPick={(p) => { create.run(p); }}
                onSlot={(slot) => { setWhen({ ...wall(slot.start, tz), minutes: String(wholeMinutes(slot.end - slot.start)) }); create.clear(); }}>
                <div className="form-row">
                    <SelectField label={t('lesson.child')} value={child} onChange={(id) => { pick(id, subject); }} problem={children.error ? errorSentence(t, children.error) : null}>
                        <option value="">{t('common.choose')}</option>
                        {children.data?.items.map((c) => <option key={c.child.id} value={c.child.id}>{t('timetable.child_option', { name: c.child.name, grade: c.grade, school: c.school.name })}</option>)}
                    </SelectField>
                    <SelectField label={t('lesson.subject')} value={subject} onChange={(s) => { pick(child, s as SubjectCode); }}>
                        {(Object.keys(SUBJECTS) as SubjectCode[]).map((s) => <option key={s} value={s}>{t(`subject.${s}`)}</option>)}
                    </SelectField>
                </div>
                <MentorField mentors={mentors} subject={subject} value={mentor} onChange={setMentor} label={t('lesson.mentor')} />
                <TimeFields when={when} onChange={setWhen} tz={tz} />
                {when.date && <p className="quiet small">{t('timetable.on', { day: fmt.date(when.date) })}</p>}
            </FormFrame>
        </Sheet>
    );
}
