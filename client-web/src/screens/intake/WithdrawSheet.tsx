// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Referral } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { fieldFault } from '../../i18n/faults.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Trouble } from './Trouble.tsx';

/** The school takes its referral back, with a reason. */
export function WithdrawSheet({ referral, onClose, onDone, onReload }: {
    referral: Referral; onClose: () => void; onDone: (next: Referral) => void; onReload: () => void;
}) {
    const { t } = useI18n();
    const [reason, setReason] = useState('');
    const withdraw = useAction((key) => api.withdrawReferral(referral, { reason: reason.trim() }, key), onDone);
    return (
        <Sheet open onClose={onClose} title={t('intake.ref.withdraw_title')}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); if (reason.trim()) withdraw.run(); }}>
                <Trouble error={withdraw.error} onReload={onReload} />
                <TextField label={t('intake.field.reason')} value={reason} onChange={setReason} maxLength={200} maxBytes={400} autoFocus
                    hint={t('intake.ref.withdraw_hint')} problem={fieldFault(t, withdraw.error)?.sentence} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="danger" type="submit" isPending={withdraw.pending} blocked={reason.trim() ? null : t('intake.ref.need_reason')}>{t('intake.ref.withdraw')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
