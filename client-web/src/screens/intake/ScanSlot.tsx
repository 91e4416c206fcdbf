// SPDX-License-Identifier: Apache-2.0
//
// The scan of a paper that is written already: attached at once, apart from the form, so that nothing
// typed is touched. It does not come back to the school.
import { FileCheck, Paperclip } from 'lucide-react';
import { FileTrigger } from 'react-aria-components';
import { api, Refused } from '../../core/api.ts';
import type { Referral, ScanKind } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { Trouble } from './Trouble.tsx';

const TYPES = ['application/pdf', 'image/png', 'image/jpeg'];

export function ScanSlot({ referral, kind, there, onSent }: { referral: number; kind: ScanKind; there: boolean; onSent: (next: Referral) => void }) {
    const { t } = useI18n();
    const send = useAction((key, file: File) => api.sendScan(referral, kind, file, key), onSent);
    const large = send.error instanceof Refused && send.error.error.code === 'too_large';
    return (
        <>
            {large ? <Note tone="bad" role="alert"><p>{t('intake.scan.too_large')}</p></Note> : <Trouble error={send.error} />}
            <div className="intake-actions">
                <FileTrigger acceptedFileTypes={TYPES} onSelect={(files) => { const file = files?.[0]; if (file) send.run(file); }}>
                    <Button icon={there ? FileCheck : Paperclip} isPending={send.pending}>{t(there ? 'intake.scan.again' : 'intake.scan.attach')}</Button>
                </FileTrigger>
                <span className="quiet small" role="status">{t(send.pending ? 'intake.scan.sending' : there ? 'intake.scan.there' : 'intake.scan.none')} {t('intake.scan.hint')}</span>
            </div>
        </>
    );
}
