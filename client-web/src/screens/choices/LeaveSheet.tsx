// SPDX-License-Identifier: Apache-2.0
//
// Gives a wish, a place or a turn in the waiting list up, and says why.
import { useState } from 'react';
import { api, type Versioned } from '../../core/api.ts';
import type { Choice, ChoiceItem } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';

export function LeaveSheet({ item, onClose, onDone }: { item: ChoiceItem; onClose: () => void; onDone: (after: Versioned<Choice>) => void }) {
    const { t } = useI18n();
    const [reason, setReason] = useState('');
    const [tried, setTried] = useState(false);
    const leave = useAction((key) => api.leaveSection(item.id, reason.trim(), key), onDone);
    const problem = reason.trim() ? null : t('choices.leave_need');
    return (
        <Sheet open onClose={onClose} title={t('choices.leave_title', { title: item.section.title })}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); setTried(true); if (!problem) leave.run(); }}>
                {leave.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, leave.error)}</p></Note>}
                {item.state !== 'wished' && <p>{t('choices.leave_text')}</p>}
                <TextField label={t('choices.leave_reason')} value={reason} onChange={setReason} maxLength={200} maxBytes={400} problem={tried ? problem : null} autoFocus />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('choices.keep')}</Button>
                    <Button look="danger" type="submit" isPending={leave.pending}>{t('choices.leave')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
