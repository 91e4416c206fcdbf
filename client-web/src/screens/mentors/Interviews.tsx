// SPDX-License-Identifier: Apache-2.0
//
// How good a psychologist the mentor is, in the centre's judgement (item 21); the newest talk counts. The
// mentor reads it, a school never does.
import { useState } from 'react';
import { MessagesSquare, Plus } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { TextField } from '../../ui/Field.tsx';
import type { Part } from './MentorFile.tsx';
import { SheetForm } from './SheetForm.tsx';
import { useHiringWords } from './useHiringWords.ts';

const SCORES = ['1', '2', '3', '4', '5'];

export function Interviews({ file, onFile, own }: Part) {
    const { t } = useI18n();
    const { day } = useHiringWords();
    const { role } = useMe();
    const [adding, setAdding] = useState(false);
    return (
        <section className="card" aria-labelledby="hiring-interviews">
            <div className="panel-head">
                <h2 id="hiring-interviews">{t('hiring.interviews')}</h2>
                {role === 'coordinator' && !own && <Button icon={Plus} onPress={() => { setAdding(true); }}>{t('hiring.add_interview')}</Button>}
            </div>
            {file.interviews.length === 0 && <Empty icon={MessagesSquare} sentence={t(own ? 'hiring.no_interview_own' : 'hiring.no_interview')} />}
            <ul className="paper-list">
                {file.interviews.map((i) => (
                    <li key={i.id} className="paper">
                        <div className="paper-what">
                            <p className="strong">{t('hiring.score', { n: i.score })}</p>
                            <p>{i.evidence}</p>
                            <p className="quiet small">{t('hiring.interview_facts', { who: i.by.name, day: day(i.date) })}</p>
                        </div>
                    </li>
                ))}
            </ul>
            {adding && <InterviewSheet file={file} own={own} onClose={() => { setAdding(false); }} onFile={(f) => { setAdding(false); onFile(f); }} />}
        </section>
    );
}

function InterviewSheet({ file, onClose, onFile }: Part & { onClose: () => void }) {
    const { t } = useI18n();
    const [date, setDate] = useState('');
    const [score, setScore] = useState('');
    const [evidence, setEvidence] = useState('');
    const add = useAction((key) => api.addInterview(file.mentor.id, { date, score: Number(score), evidence: evidence.trim() }, key), onFile);
    return (
        <SheetForm title={t('hiring.add_interview')} doIt={t('common.save')} onSubmit={() => { add.run(); }} onClose={onClose} pending={add.pending} error={add.error}
            blocked={!date || !score || !evidence.trim() ? t('hiring.need_all') : null}>
            <TextField label={t('hiring.date')} type="date" value={date} onChange={setDate} />
            <Choice label={t('hiring.score_label')} value={score} onChange={setScore} options={SCORES.map((s) => ({ value: s, label: s }))} />
            <TextField label={t('hiring.evidence')} value={evidence} onChange={setEvidence} rows={3} maxLength={200} maxBytes={400} hint={t('hiring.evidence_hint')} />
        </SheetForm>
    );
}
