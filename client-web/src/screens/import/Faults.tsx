// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a list, a row each, in the order of the file.
import type { ImportResult } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Note } from '../../ui/Note.tsx';
import '../../ui/table.css';

export function Faults({ found }: { found: ImportResult }) {
    const { t, fmt } = useI18n();
    const archive = found.kind === 'oneroster';
    return (
        <>
            <Note tone="warn" role="alert" title={t('import.bad', { n: found.faults_total })}><p>{t('import.has_faults')}</p></Note>
            <div className="card table-wrap">
                <table className="table cards">
                    <thead>
                        <tr>
                            {archive && <th>{t('import.file')}</th>}
                            <th className="num">{t('import.row')}</th><th>{t('import.column')}</th><th>{t('import.fault')}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {found.faults.map((f) => (
                            <tr key={`${f.file} ${f.row} ${f.column} ${f.code}`}>
                                {archive && <td data-label={t('import.file')}>{f.file}</td>}
                                <td className="num" data-label={t('import.row')}>{f.row === 0 ? t('import.whole') : fmt.number(f.row)}</td>
                                <td data-label={t('import.column')}>{f.column || (f.row === 0 ? '' : t('import.whole_row'))}</td>
                                <td data-label={t('import.fault')}>{t(`import.code.${f.code}`)}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            {found.faults_total > found.faults.length && <p className="quiet small">{t('import.more', { shown: fmt.number(found.faults.length), n: fmt.number(found.faults_total) })}</p>}
        </>
    );
}
