// SPDX-License-Identifier: Apache-2.0
//
// The centre looks at a document: in order, or back with a reason in the mentor's words. One sheet, so that
// a clerk with a pile of papers needs two presses for each.
import { useState } from 'react';
import { FileDown } from 'lucide-react';
import { Checkbox } from 'react-aria-components';
import { api } from '../../core/api.ts';
import type { HiringFile, StaffDocument } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { TextField } from '../../ui/Field.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { SheetForm } from './SheetForm.tsx';

export function LookSheet({ document: d, onClose, onFile }: { document: StaffDocument; onClose: () => void; onFile: (file: HiringFile) => void }) {
    const { t } = useI18n();
    const waiting = d.verified_at === null;
    const [verdict, setVerdict] = useState<'order' | 'back'>(waiting ? 'order' : 'back');
    const [seen, setSeen] = useState(false);
    const [reason, setReason] = useState('');
    const back = verdict === 'back';
    const look = useAction((key) => back ? api.returnDocument(d.id, { reason: reason.trim() }, key) : api.verifyDocument(d.id, { original_seen: seen }, key), onFile);
    return (
        <SheetForm title={t(`hiring.kind.${d.kind}`)} doIt={t(back ? 'hiring.do_return' : 'hiring.do_verify')} onSubmit={() => { look.run(); }} onClose={onClose}
            pending={look.pending} error={look.error} blocked={back && !reason.trim() ? t('hiring.need_reason') : null}>
            <div><LinkButton icon={FileDown} href={api.documentFile(d.id)} download>{t('hiring.open')}</LinkButton></div>
            {waiting && <Choice label={t('hiring.verdict')} value={verdict} onChange={setVerdict} options={[{ value: 'order', label: t('hiring.in_order') }, { value: 'back', label: t('hiring.not_in_order') }]} />}
            {!waiting && <p>{t('hiring.return_verified')}</p>}
            {!back && <Checkbox className="check" isSelected={seen} onChange={setSeen}><span className="check-box" aria-hidden />{t('hiring.original_seen')}</Checkbox>}
            {back && <TextField label={t('hiring.reason')} value={reason} onChange={setReason} rows={2} maxLength={200} maxBytes={400} hint={t('hiring.reason_hint')} />}
        </SheetForm>
    );
}
