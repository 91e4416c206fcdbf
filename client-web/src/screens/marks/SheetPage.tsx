// SPDX-License-Identifier: Apache-2.0
//
// One mark sheet on its way: for its mentor a form, for everybody else the table; beside it the way to
// the school and the files. A school that opens it for the first time has read it by that.
import { useState } from 'react';
import { FileDown, FileSpreadsheet } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { ReportWay } from '../reports/ReportWay.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { SheetDifferences } from './SheetDifferences.tsx';
import { SheetForm } from './SheetForm.tsx';
import { SheetMoves } from './SheetMoves.tsx';
import { SheetSubjects } from './SheetSubjects.tsx';
import { useMarkWords } from './useMarkWords.ts';
import '../reports/reports.css';
import '../reports/way.css';

export default function SheetPage({ id }: { id: string }) {
    const { t } = useI18n();
    const link = useLink();
    const words = useMarkWords();
    const school = useMe().role === 'school_officer'; // which has read its copy by opening it
    const { data: s, error, reload, set } = useLoad(`sheet ${id}`, (signal) => (school ? api.openSheet(id) : api.sheet(id, signal)));
    const [told, setTold] = useState('');
    const [unsaved, setUnsaved] = useState(false);
    const edits = s?.moves.includes('edit') ?? false;
    return (
        <OfficePage title={s ? t('sheets.open', { child: s.child.name, mentor: s.mentor.name }) : t('sheets.title')} {...(s ? { sub: words.term(s) } : {})}
            crumb={<a {...link({ at: 'sheets' })}>{t('sheets.title')}</a>}>
            {!s && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {s && told && <Note tone="ok" role="status"><p>{told}</p></Note>}
            {s && <SheetMoves sheet={s} unsaved={unsaved} onDone={(now, said) => { set(now); setTold(said); }} />}
            {s && (
                <div className="office-split">
                    <div className="report-main">
                        {edits && <SheetForm key={s.rev} sheet={s} onUnsaved={setUnsaved} onSaved={(now) => { setUnsaved(false); set(now); setTold(t('sheet.saved')); }} />}
                        {!edits && <SheetSubjects sheet={s} />}
                    </div>
                    <div className="report-side">
                        <ReportWay report={s} file={api.sheetFile} />
                        {s.differences.length > 0 && <SheetDifferences sheet={s} />}
                        <div className="report-buttons no-print">
                            <LinkButton icon={FileSpreadsheet} href={api.sheetFile(id, 'csv')} download>{t('reports.csv')}</LinkButton>
                            <LinkButton icon={FileSpreadsheet} href={api.sheetFile(id, 'xlsx')} download>{t('reports.xlsx')}</LinkButton>
                            <LinkButton icon={FileDown} href={api.sheetFile(id, 'pdf')} download>{t('reports.pdf')}</LinkButton>
                        </div>
                    </div>
                </div>
            )}
        </OfficePage>
    );
}
