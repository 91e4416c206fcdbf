// SPDX-License-Identifier: Apache-2.0
//
// Before a consent is taken back: which lessons change, and that it can be given again. The centre also
// says what the family told it.
import { useState } from 'react';
import { api, type Versioned } from '../../core/api.ts';
import type { Consent, Consents } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { LessonNames } from './LessonNames.tsx';

export function WithdrawSheet({ consent: c, of, etag, onClose, onDone }: {
    consent: Consent; of: Consents; etag: string; onClose: () => void; onDone: (after: Versioned<Consents>) => void;
}) {
    const { t } = useI18n();
    const me = useMe();
    const [reason, setReason] = useState('');
    const [tried, setTried] = useState(false);
    const said = reason.trim();
    const office = me.role !== 'guardian';
    const problem = office && !said ? t('consents.sheet_reason_need') : null;
    const take = useAction((key) => api.answerConsent(of.child.id, etag, { kind: c.kind, answer: 'withdrawn', ...(said ? { reason: said } : {}) }, key), onDone);
    return (
        <Sheet open onClose={onClose} title={t('consents.sheet_title', { kind: t(`consents.kind.${c.kind}`) })}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); setTried(true); if (!problem) take.run(); }}>
                {take.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, take.error)}</p></Note>}
                <p>{t(`consents.stops.${c.kind}`)}</p>
                {c.lessons.some((l) => l.now) && <Note tone="warn"><p>{t('consents.sheet_now', { name: of.child.given })}</p></Note>}
                <div>
                    <p className="strong">{t('consents.sheet_changes', { n: c.lessons.length, name: of.child.given })}</p>
                    <LessonNames lessons={c.lessons} tz={of.tz} />
                </div>
                {office ? <TextField label={t('consents.sheet_reason')} value={reason} onChange={setReason} maxLength={200} maxBytes={400} problem={tried ? problem : null} autoFocus />
                    : <p className="quiet">{t('consents.sheet_again')}</p>}
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('consents.sheet_keep')}</Button>
                    <Button look="danger" type="submit" isPending={take.pending}>{t('consents.withdraw')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
