// SPDX-License-Identifier: Apache-2.0
//
// Sends one document: choose or drop the file, say when it was issued, watch it go. Whatever is refused,
// the file and the dates stay where they are.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { DocumentKind, HiringFile } from '../../core/api.gen.ts';
import { fileFault } from '../../core/hiring.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';
import { FileDrop, FileGoing } from '../../ui/FileDrop.tsx';
import { SheetForm } from './SheetForm.tsx';

export function SendSheet({ mentor, kind, dropped, today, onClose, onFile }: {
    mentor: number; kind: DocumentKind; dropped: File | null; today: string; onClose: () => void; onFile: (file: HiringFile) => void;
}) {
    const { t } = useI18n();
    const [file, setFile] = useState<File | null>(dropped);
    const [issued, setIssued] = useState('');
    const [expires, setExpires] = useState('');
    const [gone, setGone] = useState(0);
    const send = useAction((key) => {
        setGone(0);
        return api.sendDocument(mentor, { kind, issued, ...(expires ? { expires } : {}) }, file ?? new Blob(), setGone, key);
    }, onFile);
    const take = (f: File) => { setFile(f); send.clear(); };
    const fault = file && fileFault(file);
    const dated = issued === '' ? t('hiring.need_issued') : issued > today ? t('hiring.field.issued_ahead') : expires && expires < today ? t('hiring.field.expires') : null;
    const blocked = !file ? t('hiring.need_file') : fault ? t(`hiring.file.${fault}`) : dated;
    return (
        <SheetForm title={t('hiring.send_title', { paper: t(`hiring.kind.${kind}`) })} doIt={t('hiring.send')} onSubmit={() => { send.run(); }} onClose={onClose}
            pending={send.pending} error={send.error} blocked={blocked}>
            <FileDrop file={file} types={['application/pdf', 'image/png', 'image/jpeg']} problem={fault && t(`hiring.file.${fault}`)} onFile={take}>
                <p className="quiet small">{t('hiring.file_hint')}</p>
            </FileDrop>
            <div className="form-row">
                <TextField label={t('hiring.issued')} type="date" value={issued} onChange={setIssued} problem={issued > today ? t('hiring.field.issued_ahead') : null} />
                <TextField label={t('hiring.expires')} type="date" value={expires} onChange={setExpires} hint={t('hiring.expires_hint')} problem={expires && expires < today ? t('hiring.field.expires') : null} />
            </div>
            {send.pending && <FileGoing part={gone} />}
        </SheetForm>
    );
}
