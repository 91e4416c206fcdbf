// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { CaseClose, ChildCase } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Trouble } from './Trouble.tsx';

const REASONS: CaseClose['reason'][] = ['recovered', 'left', 'finished'];

/** Ends a case for good. */
export function CloseSheet({ file, onClose, onDone }: { file: ChildCase; onClose: () => void; onDone: (next: ChildCase) => void }) {
    const { t } = useI18n();
    const [reason, setReason] = useState<CaseClose['reason']>('recovered');
    const close = useAction((key) => api.closeCase(file.child.id, { reason }, key), onDone);
    return (
        <Sheet open onClose={onClose} title={t('intake.case.close_title', { name: file.child.name })}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); close.run(); }}>
                <Trouble error={close.error} />
                <Choice<CaseClose['reason']> label={t('intake.case.close_why')} value={reason} onChange={setReason} options={REASONS.map((value) => ({ value, label: t(`intake.case.reason.${value}`) }))} />
                <p className="quiet">{t('intake.case.close_hint')}</p>
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="danger" type="submit" isPending={close.pending}>{t('intake.case.close')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
