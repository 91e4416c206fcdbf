// SPDX-License-Identifier: Apache-2.0
//
// Days and lines of a draft. The sum of the week stands below while one writes; what else stands
// against it the server tells when the draft is saved, and keeps the draft all the same.
import { useState } from 'react';
import { Plus, Trash2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ChildProgramme, ChildProgrammeDraft, ChildProgrammes, SubjectCode } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Note } from '../../ui/Note.tsx';
import { SUBJECTS } from '../../ui/subjects.ts';
import { hoursOf } from './words.ts';

interface Line { subject: SubjectCode; programme: number | null; week: string; year: string; lesson: string }

const ALL = Object.keys(SUBJECTS) as SubjectCode[];
const lineOf = (l: ChildProgramme['lines'][number]): Line =>
    ({ subject: l.subject, programme: l.programme, week: String(l.week_minutes), year: String(l.year_minutes), lesson: String(l.lesson_minutes) });

export function DraftForm({ data, draft, base, onDone, onBack }: {
    data: ChildProgrammes; draft: ChildProgramme | null; base: ChildProgramme | null; onDone: () => void; onBack: () => void;
}) {
    const { t } = useI18n();
    const from = draft ?? base;
    const [days, setDays] = useState({ from: draft?.from ?? data.days.from, to: draft?.to ?? data.days.to });
    const [lines, setLines] = useState<Line[]>(from ? from.lines.map(lineOf) : []);
    const save = useAction((key, body: ChildProgrammeDraft) =>
        draft ? api.editProgramme(draft.id, draft.version, body) : api.draftProgramme(data.child.id, body, key), onDone);
    const sum = lines.reduce((n, l) => n + (Number(l.week) || 0), 0);
    const limit = data.limits.week_minutes;
    const free = ALL.filter((s) => !lines.some((l) => l.subject === s));
    const set = (i: number, change: Partial<Line>) => { setLines(lines.map((l, k) => (k === i ? { ...l, ...change } : l))); };
    const add = () => {
        const subject = free[0];
        if (subject) setLines([...lines, { subject, programme: null, week: '80', year: String(80 * data.limits.year_weeks), lesson: String(Math.min(40, data.limits.lesson_minutes)) }]);
    };
    const whole = lines.every((l) => Number(l.week) > 0 && Number(l.lesson) > 0 && Number(l.year) >= Number(l.week));
    const missing = !days.from || !days.to ? t('programme.need_days') : lines.length === 0 ? t('programme.need_lines') : !whole ? t('programme.need_minutes') : null;
    const submit = () => {
        save.run({ ...days, lines: lines.map((l) => ({ subject: l.subject, programme: l.programme, week_minutes: Number(l.week), year_minutes: Number(l.year), lesson_minutes: Number(l.lesson) })) });
    };
    return (
        <form className="card programme-card form" noValidate onSubmit={(e) => { e.preventDefault(); if (!missing) submit(); }}>
            {save.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, save.error)}</p></Note>}
            <div className="form-row">
                <TextField label={t('programme.from')} type="date" value={days.from} onChange={(v) => { setDays({ ...days, from: v }); }} />
                <TextField label={t('programme.to')} type="date" value={days.to} onChange={(v) => { setDays({ ...days, to: v }); }} />
            </div>
            {lines.map((l, i) => (
                <div key={l.subject} className="programme-line">
                    <SelectField label={t('programme.subject')} value={l.subject} onChange={(s) => { set(i, { subject: s as SubjectCode, programme: null }); }}>
                        {ALL.filter((s) => s === l.subject || free.includes(s)).map((s) => <option key={s} value={s}>{t(`subject.${s}`)}</option>)}
                    </SelectField>
                    <TextField label={t('programme.week_minutes')} type="number" inputMode="numeric" value={l.week}
                        onChange={(v) => { set(i, { week: v, year: String((Number(v) || 0) * data.limits.year_weeks) }); }} />
                    <TextField label={t('programme.year_minutes')} type="number" inputMode="numeric" value={l.year} onChange={(v) => { set(i, { year: v }); }} />
                    <TextField label={t('programme.lesson_minutes')} type="number" inputMode="numeric" value={l.lesson} onChange={(v) => { set(i, { lesson: v }); }} />
                    <IconButton framed icon={Trash2} name={t('programme.remove_line', { subject: t(`subject.${l.subject}`) })} onPress={() => { setLines(lines.filter((_, k) => k !== i)); }} />
                </div>
            ))}
            <div className="programme-head">
                {free.length > 0 && <Button icon={Plus} onPress={add}>{t('programme.add_line')}</Button>}
                <p className={limit > 0 && sum > limit ? 'programme-over strong' : 'strong'} role="status">
                    {limit > 0 ? t('programme.sum', { sum: hoursOf(t, sum), limit: hoursOf(t, limit) }) : t('programme.sum_free', { sum: hoursOf(t, sum) })}
                </p>
            </div>
            <div className="sheet-actions">
                <Button onPress={onBack}>{t('common.back')}</Button>
                <Button look="main" type="submit" isPending={save.pending} blocked={missing}>{t('programme.save')}</Button>
            </div>
        </form>
    );
}
