// SPDX-License-Identifier: Apache-2.0
//
// One file, chosen or dropped, with what is wrong with it; a bar while it goes.
import type { ReactNode } from 'react';
import { DropZone, FileTrigger, type FileDropItem } from 'react-aria-components';
import { FileUp } from 'lucide-react';
import { useI18n } from '../i18n/index.tsx';
import { Button } from './Button.tsx';
import './file-drop.css';

export function FileDrop({ file, types, problem, onFile, children }: {
    file: File | null; types: string[]; problem?: string | null; onFile: (file: File) => void; children?: ReactNode;
}) {
    const { t, fmt } = useI18n();
    const take = (f: File | null | undefined) => { if (f) onFile(f); };
    return (
        <DropZone className="drop" aria-label={t('file.drop')} onDrop={(e) => {
            const item = e.items.find((i): i is FileDropItem => i.kind === 'file');
            void item?.getFile().then(take);
        }}>
            <FileTrigger acceptedFileTypes={types} onSelect={(list) => { take(list?.[0]); }}>
                <Button icon={FileUp}>{t(file ? 'file.choose_other' : 'file.choose')}</Button>
            </FileTrigger>
            <p className={file ? 'strong' : 'quiet small'}>{file ? t('file.chosen', { name: file.name, kb: fmt.number(Math.ceil(file.size / 1024)) }) : t('file.drop')}</p>
            {problem && <p className="field-problem">{problem}</p>}
            {children}
        </DropZone>
    );
}

/** How much of it has gone: 0..1. */
export function FileGoing({ part }: { part: number }) {
    const { t } = useI18n();
    return <label className="going"><span className="small">{t('file.going', { percent: Math.floor(part * 100) })}</span><progress max={1} value={part} /></label>;
}
