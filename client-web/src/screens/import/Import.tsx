// SPDX-License-Identifier: Apache-2.0
//
// A list from a file: choose it, look through it, see every fault with its row, write all of it or
// nothing. What was found belongs to the file that was sent: another file begins anew.
import { useState } from 'react';
import { Download } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import type { ImportKind, ImportResult } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { FileDrop, FileGoing } from '../../ui/FileDrop.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Note } from '../../ui/Note.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Faults } from './Faults.tsx';
import './import.css';

const KINDS: ImportKind[] = ['children', 'mentors', 'timetable', 'oneroster'];
const TYPES = ['.csv', '.xlsx', '.zip', 'text/csv'];

export default function Import() {
    const { t } = useI18n();
    const [kind, setKind] = useState<ImportKind>('children');
    const [file, setFile] = useState<File | null>(null);
    const [gone, setGone] = useState(0);
    const [found, setFound] = useState<ImportResult | null>(null);
    const send = useAction((key, apply: boolean) => {
        setGone(0);
        return api.importList(kind, apply, file ?? new Blob(), setGone, key);
    }, setFound);
    const anew = () => { setFound(null); send.clear(); };
    const faulty = found !== null && found.faults_total > 0;
    const ready = found !== null && !faulty && !found.applied;
    return (
        <OfficePage title={t('import.title')} sub={t('import.sub')}>
            <div className="card import-form">
                <Choice label={t('import.what')} value={kind} options={KINDS.map((k) => ({ value: k, label: t(`import.kind.${k}`) }))} onChange={(k) => { setKind(k); anew(); }} />
                <p className="quiet">{t(`import.about.${kind}`)}</p>
                {kind !== 'oneroster' && <p><LinkButton icon={Download} href={api.importTemplate(kind)} download={`${kind}.csv`}>{t('import.template')}</LinkButton></p>}
                <FileDrop file={file} types={TYPES} onFile={(f) => { setFile(f); anew(); }} />
                {send.pending && <FileGoing part={gone} />}
                <div className="import-actions">
                    {ready
                        ? <Button look="main" onPress={() => { send.run(true); }} isPending={send.pending}>{t('import.write', { n: found.rows })}</Button>
                        : <Button look="main" onPress={() => { send.run(false); }} isPending={send.pending} blocked={file ? null : t('import.need_file')}>{t('import.look')}</Button>}
                </div>
            </div>
            {send.error !== null && <Note tone="bad" role="alert" title={t('import.failed')}><p>{problem(send.error)}</p></Note>}
            {found?.applied && (
                <Note tone="ok" role="status" title={t('import.done', { ...found.made, rows: found.rows })}>{found.version !== null && <p>{t('import.done_draft')}</p>}</Note>
            )}
            {ready && <Note tone="ok" role="status" title={t('import.good', { n: found.rows })} />}
            {faulty && <Faults found={found} />}
            <div className="card import-form">
                <p className="quiet">{t('import.export_about')}</p>
                <p><LinkButton icon={Download} href={api.exportOneRoster} download="oneroster.zip">{t('import.export')}</LinkButton></p>
            </div>
        </OfficePage>
    );

    function problem(error: unknown): string {
        return error instanceof Refused && error.error.code === 'too_large' ? t('import.too_large') : errorSentence(t, error);
    }
}
