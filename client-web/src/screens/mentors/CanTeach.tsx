// SPDX-License-Identifier: Apache-2.0
//
// May this mentor teach this child? Every gate at once with until when it holds and whose turn it is; and
// for the centre the one thing that is done from here: letting the two meet.
import { useState } from 'react';
import { CalendarPlus, Handshake } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { SubjectCode } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { wall } from '../../core/wall.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { SUBJECTS } from '../../ui/subjects.ts';
import { OfficePage } from '../shell/OfficePage.tsx';
import { MetSheet, PlanSheet } from './Introduction.tsx';
import { Verdict } from './Verdict.tsx';
import './mentors.css';

export default function CanTeach({ mentor, child }: { mentor: number; child: number | null }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const { go } = useRouter();
    const file = useLoad(`hiring ${mentor}`, (signal) => api.hiring(mentor, signal));
    const children = useLoad('children', (signal) => api.children(undefined, undefined, signal));
    const [subject, setSubject] = useState<SubjectCode | null>(null);
    const [date, setDate] = useState(() => wall(now(), me.centre.tz).date);
    const [sheet, setSheet] = useState<'plan' | 'met' | null>(null);
    const row = children.data?.items.find((c) => c.child.id === child);
    const usual = row?.mentors.find((m) => m.mentor.id === mentor)?.subject ?? (file.data?.qualifications[0]?.subject as SubjectCode | undefined) ?? 'maths';
    const asked = subject ?? usual;
    const at = date === wall(now(), me.centre.tz).date ? now() : Date.parse(`${date}T09:00:00Z`);
    const verdict = useLoad(`can-teach ${mentor} ${child} ${asked} ${date}`, (signal) => child === null || !date ? Promise.resolve(null) : api.canTeach(mentor, { child, subject: asked, at: Math.floor(at) }, signal));
    const error = file.error ?? children.error;
    const own = me.id === mentor;
    const meet = me.role === 'coordinator' && (verdict.data?.gates.some((g) => g.gate === 'introduction' && g.cause !== 'holds') ?? false);
    const done = () => { setSheet(null); verdict.reload(); };
    return (
        <OfficePage title={t(own ? 'hiring.whom_own' : 'hiring.can_title')} sub={own ? t('hiring.can_sub_own') : file.data?.mentor.name ?? ''}
            crumb={<a {...link(own ? { at: 'mentors' } : { at: 'mentor', id: mentor })}>{own ? t('hiring.own_title') : file.data?.mentor.name ?? t('hiring.file_title')}</a>}>
            {(!file.data || !children.data) && (error ? <Failed sentence={errorSentence(t, error)} onRetry={() => { file.reload(); children.reload(); }} /> : <Loading rows={4} onRetry={children.reload} />)}
            {file.data && children.data && (
                <>
                    <section className="card can-ask" aria-label={t('hiring.can_ask')}>
                        <SelectField label={t('hiring.child')} value={child === null ? '' : String(child)} onChange={(id) => { setSubject(null); go({ at: 'can_teach', mentor, child: id ? Number(id) : null }, { replace: true }); }}>
                            <option value="">{t('common.choose')}</option>
                            {children.data.items.map((c) => <option key={c.child.id} value={c.child.id}>{t('timetable.child_option', { name: c.child.name, grade: c.grade, school: c.school.name })}</option>)}
                        </SelectField>
                        <SelectField label={t('hiring.subject')} value={asked} onChange={(s) => { setSubject(s as SubjectCode); }}>
                            {(Object.keys(SUBJECTS) as SubjectCode[]).map((s) => <option key={s} value={s}>{t(`subject.${s}`)}</option>)}
                        </SelectField>
                        <TextField label={t('hiring.on_day')} type="date" value={date} onChange={setDate} />
                    </section>
                    {child === null && <p className="quiet">{t('hiring.can_choose')}</p>}
                    {child !== null && !verdict.data && (verdict.error ? <Failed sentence={errorSentence(t, verdict.error)} onRetry={verdict.reload} /> : <Loading rows={6} onRetry={verdict.reload} />)}
                    {verdict.data && <Verdict verdict={verdict.data} tz={file.data.tz} />}
                    {meet && (
                        <section className="card can-meet" aria-label={t('hiring.gate.introduction')}>
                            <p>{t('hiring.meet_hint')}</p>
                            <div className="application-do">
                                <Button icon={CalendarPlus} onPress={() => { setSheet('plan'); }}>{t('hiring.plan_meeting')}</Button>
                                <Button icon={Handshake} onPress={() => { setSheet('met'); }}>{t('hiring.they_met')}</Button>
                            </div>
                        </section>
                    )}
                    {sheet === 'plan' && row && <PlanSheet mentor={mentor} child={row} subject={asked} onClose={() => { setSheet(null); }} onDone={done} />}
                    {sheet === 'met' && row && <MetSheet mentor={mentor} child={row} onClose={() => { setSheet(null); }} onDone={done} />}
                </>
            )}
        </OfficePage>
    );
}
