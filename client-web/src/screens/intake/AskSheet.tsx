// SPDX-License-Identifier: Apache-2.0
//
// Back to the school: what is asked for, by name, and a note that the school reads.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Referral, ReferralItem } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { fieldFault } from '../../i18n/faults.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Checks } from '../../ui/Checks.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Trouble } from './Trouble.tsx';

const ITEMS: ReferralItem[] = ['child_name', 'birth_date', 'grade', 'guardian_name', 'guardian_phone', 'application', 'consent', 'basis', 'recommendation', 'basis_scan', 'recommendation_scan'];

export interface ReviewSheet { referral: Referral; onClose: () => void; onDone: (next: Referral) => void; onReload: () => void }

export function AskSheet({ referral, onClose, onDone, onReload }: ReviewSheet) {
    const { t } = useI18n();
    const [items, setItems] = useState<ReferralItem[]>(referral.missing);
    const [note, setNote] = useState('');
    const ask = useAction((key) => api.askReferral(referral, { items, ...(note.trim() ? { note: note.trim() } : {}) }, key), onDone);
    const fault = fieldFault(t, ask.error);
    const problem = (field: string) => (fault?.field === field ? fault.sentence : null);
    return (
        <Sheet open wide onClose={onClose} title={t('intake.review.ask_title')}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); if (items.length > 0) ask.run(); }}>
                <Trouble error={ask.error} onReload={onReload} />
                <Checks<ReferralItem> label={t('intake.field.items')} value={items} onChange={setItems} problem={problem('items')}
                    options={ITEMS.map((value) => ({ value, label: t(`intake.item.${value}`) }))} />
                <TextField label={t('intake.field.note')} rows={2} value={note} onChange={setNote} maxLength={400} maxBytes={800} hint={t('intake.review.note_hint')} problem={problem('note')} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" type="submit" isPending={ask.pending} blocked={items.length > 0 ? null : t('intake.review.choose_item')}>{t('intake.review.ask')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
