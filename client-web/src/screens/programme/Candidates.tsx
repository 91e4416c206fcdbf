// SPDX-License-Identifier: Apache-2.0
//
// Who could teach the child, the best first, with the why in parts and everything that is missing.
import { useState } from 'react';
import { UserRoundSearch } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Assignment, Candidate, Candidates as Answer, SubjectCode } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { SUBJECTS } from '../../ui/subjects.ts';
import { OfficePage } from '../shell/OfficePage.tsx';
import { CandidateCard } from './CandidateCard.tsx';
import { ChooseSheet, EndSheet } from './ChooseSheet.tsx';
import './programme.css';

export default function Candidates({ child }: { child: number }) {
    const { t } = useI18n();
    const link = useLink();
    const [subject, setSubject] = useState<SubjectCode | ''>('');
    const { data, error, reload } = useLoad(`candidates ${child} ${subject}`, (signal) => api.candidates(child, subject || undefined, signal));
    return (
        <OfficePage title={data ? t('candidates.title', { name: data.child.name }) : t('candidates.list')}
            crumb={<a className="programme-link" {...link({ at: 'programmes' })}>{t('programme.title')}</a>}
            actions={(
                <SelectField label={t('candidates.for')} value={subject} onChange={(s) => { setSubject(s as SubjectCode | ''); }}>
                    <option value="">{t('candidates.lead')}</option>
                    {(Object.keys(SUBJECTS) as SubjectCode[]).map((s) => <option key={s} value={s}>{t('candidates.subject_mentor', { subject: t(`subject.${s}`) })}</option>)}
                </SelectField>
            )}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={5} onRetry={reload} />)}
            {data && <Body data={data} reload={reload} />}
        </OfficePage>
    );
}

function Body({ data, reload }: { data: Answer; reload: () => void }) {
    const { t, fmt } = useI18n();
    const [chosen, setChosen] = useState<Candidate | null>(null);
    const done = () => { setChosen(null); reload(); };
    return (
        <>
            {data.search.blocked && (
                <Note tone="bad" title={t('candidates.blocked')}>
                    <ul className="programme-faults">
                        {data.search.owes.map((o) => <li key={o.gate}>{t('candidates.owes', { actor: o.actor, gate: t(`candidates.gate.${o.gate}`), n: o.mentors })}</li>)}
                    </ul>
                </Note>
            )}
            {data.case_gates.length > 0 && <Note><p>{t('candidates.case', { list: fmt.list(data.case_gates.map((g) => t(`candidates.gate.${g.gate}`))) })}</p></Note>}
            <Standing assignments={data.assignments.filter((a) => a.to === null)} onChanged={reload} />
            <section className="programme-part">
                <h2>{t('candidates.list')}</h2>
                {data.items.length === 0 && <div className="card"><Empty icon={UserRoundSearch} sentence={t('candidates.none')} /></div>}
                {data.items.map((c) => <CandidateCard key={c.mentor.id} candidate={c} onChoose={() => { setChosen(c); }} />)}
            </section>
            {chosen && <ChooseSheet child={data.child.id} candidate={chosen} subject={data.subject} onClose={() => { setChosen(null); }} onDone={done} />}
        </>
    );
}

function Standing({ assignments, onChanged }: { assignments: Assignment[]; onChanged: () => void }) {
    const { t, fmt } = useI18n();
    const { tz } = useMe();
    const [ending, setEnding] = useState<Assignment | null>(null);
    return (
        <section className="programme-part">
            <h2>{t('candidates.now')}</h2>
            {assignments.length === 0 && <p className="quiet">{t('candidates.now_empty')}</p>}
            {assignments.length > 0 && (
                <ul className="card programme-list">
                    {assignments.map((a) => (
                        <li key={a.id}>
                            <span><span className="strong">{a.mentor.name}</span> <span className="quiet">{a.subject ? t(`subject.${a.subject}`) : t('candidates.lead')} · {t('candidates.since', { day: fmt.dayMonth(a.from, tz) })}</span></span>
                            <Button onPress={() => { setEnding(a); }} aria-label={t('candidates.end_title', { name: a.mentor.name })}>{t('candidates.end')}</Button>
                        </li>
                    ))}
                </ul>
            )}
            {ending && <EndSheet assignment={ending} onClose={() => { setEnding(null); }} onDone={() => { setEnding(null); onChanged(); }} />}
        </section>
    );
}
