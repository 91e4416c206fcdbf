// SPDX-License-Identifier: Apache-2.0
//
// The mentor's marks of the term: beside each subject what speaks for a mark, a choice, and a reason
// where the choice is not the proposed one. Nothing is set that the mentor did not choose.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { MarkSheet, SheetMarkEdit, SheetSubject } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { SubjectTile } from '../../ui/SubjectTile.tsx';
import { useMarkWords } from './useMarkWords.ts';
import './marks.css';

const MARKS = ['5', '4', '3', '2', 'pass', 'fail', 'not_attested', 'released'] as const;

interface Chosen { mark: string; reason: string }

export function SheetForm({ sheet: s, onUnsaved, onSaved }: { sheet: MarkSheet; onUnsaved: (unsaved: boolean) => void; onSaved: (now: MarkSheet) => void }) {
    const { t } = useI18n();
    const [chosen, keep] = useState<Record<string, Chosen>>(() => Object.fromEntries(s.subjects.map((l) => [l.subject, { mark: l.mark ?? '', reason: l.reason ?? '' }])));
    const of = (l: SheetSubject): Chosen => chosen[l.subject] ?? { mark: '', reason: '' };
    const put = (changes: Record<string, Chosen>) => { keep({ ...chosen, ...changes }); onUnsaved(true); };
    const marks = s.subjects.filter((l) => of(l).mark).map((l) => ({ subject: l.subject, mark: of(l).mark, reason: of(l).reason.trim() || null } as SheetMarkEdit));
    const save = useAction(() => api.setMarks(s.id, s.rev, { marks }), onSaved);
    const open = s.subjects.filter((l) => l.proposed !== null && !of(l).mark);
    if (s.subjects.length === 0) return <section className="card side-card"><p>{t('sheet.no_subjects')}</p></section>;
    return (
        <section className="card side-card" aria-labelledby="sheet-form">
            <h2 id="sheet-form">{t('sheet.form')}</h2>
            <p className="quiet small">{t('sheet.form_lead')}</p>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); save.run(); }}>
                {save.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, save.error)}</p></Note>}
                {s.subjects.map((l) => <Line key={l.subject} line={l} chosen={of(l)} onChange={(now) => { put({ [l.subject]: now }); }} />)}
                <div className="report-buttons">
                    <Button type="submit" isPending={save.pending}>{t('common.save')}</Button>
                    {open.length > 0 && <Button onPress={() => { put(Object.fromEntries(open.map((l) => [l.subject, { ...of(l), mark: l.proposed ?? '' }]))); }}>{t('sheet.take')}</Button>}
                </div>
            </form>
        </section>
    );
}

function Line({ line: l, chosen, onChange }: { line: SheetSubject; chosen: Chosen; onChange: (now: Chosen) => void }) {
    const { t } = useI18n();
    const words = useMarkWords();
    const subject = t(`subject.${l.subject}`);
    const marks = l.current.map((m) => words.mark(m.mark)).join(' ') || t('sheet.none');
    return (
        <div className="marks-line">
            <SubjectTile subject={l.subject} />
            <div className="marks-about">
                <h3>{subject}</h3>
                <p className="quiet small">{t('sheet.line_facts', { held: l.held, missed: l.missed, marks, mean: words.mean(l.mean_hundredths) })}</p>
                <p className="small strong">{l.proposed ? t('sheet.line_proposed', { mark: words.mark(l.proposed) }) : t('sheet.line_no_proposal')}</p>
                {l.unresolved > 0 && <p className="small">{t('sheet.unresolved', { n: l.unresolved })}</p>}
            </div>
            <SelectField label={t('sheet.mark_of', { subject })} value={chosen.mark} onChange={(mark) => { onChange({ ...chosen, mark }); }}>
                <option value="">{t('mark.none')}</option>
                {MARKS.map((m) => <option key={m} value={m}>{t(`mark.${m}`)}</option>)}
            </SelectField>
            {chosen.mark && chosen.mark !== l.proposed && (
                <TextField label={t('sheet.reason_of', { subject })} value={chosen.reason} onChange={(reason) => { onChange({ ...chosen, reason }); }} maxLength={200} maxBytes={400} />
            )}
        </div>
    );
}
