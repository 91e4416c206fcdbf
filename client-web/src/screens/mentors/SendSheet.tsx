// SPDX-License-Identifier: Apache-2.0
//
// Sends one document: choose or drop the file, say when it was issued, watch it go. Whatever is refused,
// the file and the dates stay where they are.
import { useState } from 'react';
import { DropZone, FileTrigger, type FileDropItem } from 'react-aria-components';
import { FileUp } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { DocumentKind, HiringFile } from '../../core/api.gen.ts';
import { fileFault } from '../../core/hiring.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { SheetForm } from './SheetForm.tsx';

export function SendSheet({ mentor, kind, dropped, today, onClose, onFile }: {
    mentor: number; kind: DocumentKind; dropped: File | null; today: string; onClose: () => void; onFile: (file: HiringFile) => void;
}) {
    const { t, fmt } = useI18n();
    const [file, setFile] = useState<File | null>(dropped);
    const [issued, setIssued] = useState('');
    const [expires, setExpires] = useState('');
    const [gone, setGone] = useState(0);
    const send = useAction((_key) => {
        setGone(0);
        return api.sendDocument(mentor, { kind, issued, ...(expires ? { expires } : {}) }, file ?? new Blob(), setGone);
    }, onFile);
    const take = (f: File | null | undefined) => { if (f) { setFile(f); send.clear(); } };
    const fault = file && fileFault(file);
    const dated = issued === '' ? t('hiring.need_issued') : issued > today ? t('hiring.field.issued_ahead') : expires && expires < today ? t('hiring.field.expires') : null;
    const blocked = !file ? t('hiring.need_file') : fault ? t(`hiring.file.${fault}`) : dated;
    return (
        <SheetForm title={t('hiring.send_title', { paper: t(`hiring.kind.${kind}`) })} doIt={t('hiring.send')} onSubmit={() => { send.run(); }} onClose={onClose}
            pending={send.pending} error={send.error} blocked={blocked}>
            <DropZone className="drop" aria-label={t('hiring.drop')} onDrop={(e) => {
                const item = e.items.find((i): i is FileDropItem => i.kind === 'file');
                void item?.getFile().then(take);
            }}>
                <FileTrigger acceptedFileTypes={['application/pdf', 'image/png', 'image/jpeg']} onSelect={(list) => { take(list?.[0]); }}>
                    <Button icon={FileUp}>{t(file ? 'hiring.choose_other' : 'hiring.choose')}</Button>
                </FileTrigger>
                <p className={file ? 'strong' : 'quiet small'}>{file ? t('hiring.chosen', { name: file.name, kb: fmt.number(Math.ceil(file.size / 1024)) }) : t('hiring.drop')}</p>
                {fault && <p className="field-problem">{t(`hiring.file.${fault}`)}</p>}
                <p className="quiet small">{t('hiring.file_hint')}</p>
            </DropZone>
            <div className="form-row">
                <TextField label={t('hiring.issued')} type="date" value={issued} onChange={setIssued} problem={issued > today ? t('hiring.field.issued_ahead') : null} />
                <TextField label={t('hiring.expires')} type="date" value={expires} onChange={setExpires} hint={t('hiring.expires_hint')} problem={expires && expires < today ? t('hiring.field.expires') : null} />
            </div>
            {send.pending && <label className="going"><span className="small">{t('hiring.going', { percent: Math.floor(gone * 100) })}</span><progress max={1} value={gone} /></label>}
        </SheetForm>
    );
}
