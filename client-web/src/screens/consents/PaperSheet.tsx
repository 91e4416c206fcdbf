// SPDX-License-Identifier: Apache-2.0
//
// Enters a consent that was signed on paper: who signed, when, and the scan. What is wrong is said at
// its field, and nothing that was filled in is lost.
import { useId, useState } from 'react';
import { api, Refused, type Versioned } from '../../core/api.ts';
import type { Consent, Consents } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { wordsOf } from './words.ts';

const FAULTS = { ahead: 'consents.paper_ahead', too_old: 'consents.paper_too_old', withdrawn_since: 'consents.paper_withdrawn_since' } as const;

export function PaperSheet({ consent: c, of, onClose, onDone }: { consent: Consent; of: Consents; onClose: () => void; onDone: (after: Versioned<Consents>) => void }) {
    const { t } = useI18n();
    const [who, setWho] = useState(of.guardians.length === 1 ? String(of.guardians[0]?.id) : '');
    const [signed, setSigned] = useState('');
    const [file, setFile] = useState<File | null>(null);
    const [tried, setTried] = useState(false);
    const send = useAction((key, scan: File) => api.enterConsent(of.child.id, { kind: c.kind, guardian: Number(who), words: c.words, signed }, scan, key), onDone);
    const dayFault = send.error instanceof Refused && send.error.error.field === 'signed' ? send.error.error.fault : undefined;
    const dayKey = dayFault && dayFault in FAULTS ? FAULTS[dayFault as keyof typeof FAULTS] : null;
    const words = wordsOf(c.kind, c.words);
    return (
        <Sheet open onClose={onClose} title={t('consents.paper_title', { kind: t(`consents.kind.${c.kind}`) })}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); setTried(true); if (who && signed && file) send.run(file); }}>
                {send.error !== null && !dayKey && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
                {of.guardians.length === 0 && <Note tone="warn"><p>{t('consents.paper_nobody')}</p></Note>}
                <p className="quiet">{t('consents.paper_words', { n: c.words })}</p>
                {words && <blockquote className="consent-quote">{t(words)}</blockquote>}
                <SelectField label={t('consents.paper_who')} value={who} onChange={setWho} problem={tried && !who ? t('consents.paper_need_who') : null}>
                    <option value="">{t('common.choose')}</option>
                    {of.guardians.map((g) => <option key={g.id} value={g.id}>{g.name}</option>)}
                </SelectField>
                <TextField label={t('consents.paper_day')} type="date" value={signed} onChange={(day) => { setSigned(day); send.clear(); }}
                    problem={dayKey ? t(dayKey) : tried && !signed ? t('consents.paper_need_day') : null} />
                <FileField onFile={setFile} problem={tried && !file ? t('consents.paper_need_file') : null} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" type="submit" isPending={send.pending}>{t('consents.paper_send')}</Button>
                </div>
            </form>
        </Sheet>
    );
}

function FileField({ onFile, problem }: { onFile: (file: File | null) => void; problem: string | null }) {
    const { t } = useI18n();
    const id = useId();
    return (
        <div className="field">
            <label htmlFor={id}>{t('consents.paper_file')}</label>
            <input id={id} className="input" type="file" accept=".pdf,.png,.jpg,.jpeg" onChange={(e) => { onFile(e.target.files?.[0] ?? null); }}
                aria-invalid={problem ? true : undefined} aria-describedby={problem ? `${id}-problem` : undefined} />
            {problem && <span id={`${id}-problem`} className="field-problem">{problem}</span>}
        </div>
    );
}
