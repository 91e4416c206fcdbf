// SPDX-License-Identifier: Apache-2.0
//
// The mentor's words in three boxes; a month without a lesson asks for the reason first.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Report } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';

const BOXES = ['progress', 'difficulties', 'next_month'] as const;

export function ReportTextsForm({ report: r, onUnsaved, onSaved }: { report: Report; onUnsaved: (unsaved: boolean) => void; onSaved: (now: Report) => void }) {
    const { t } = useI18n();
    const empty = r.lines.length === 0;
    const [text, keep] = useState({
        empty_reason: r.holds?.code === 'report_empty' ? '' : (r.texts.empty_reason ?? ''), progress: r.texts.progress ?? '',
        difficulties: r.texts.difficulties ?? '', next_month: r.texts.next_month ?? '',
    });
    const setText = (words: typeof text) => { keep(words); onUnsaved(true); };
    const save = useAction(() => api.writeReport(r.id, r.rev, { ...text, empty_reason: empty ? text.empty_reason : '' }), (now) => { onUnsaved(false); onSaved(now); });
    return (
        <section className="card side-card" aria-labelledby="report-words">
            <h2 id="report-words">{t('texts.title')}</h2>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); save.run(); }}>
                {save.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, save.error)}</p></Note>}
                {empty && <TextField label={t('report.text.empty_reason')} hint={t('texts.empty_hint')} value={text.empty_reason} onChange={(empty_reason) => { setText({ ...text, empty_reason }); }} maxLength={200} maxBytes={400} />}
                {BOXES.map((box) => (
                    <TextField key={box} label={t(`report.text.${box}`)} value={text[box]} onChange={(words) => { setText({ ...text, [box]: words }); }} rows={3} maxLength={2000} maxBytes={4000} />
                ))}
                <div className="report-buttons"><Button type="submit" isPending={save.pending}>{t('common.save')}</Button></div>
            </form>
        </section>
    );
}
