// SPDX-License-Identifier: Apache-2.0
//
// One month report on its way: what is missing first, then head, totals and lines; beside them the
// way to the school, checks and words. A school that opens it for the first time has read it by that.
import { useState } from 'react';
import { FileDown, FileSpreadsheet, HeartPulse } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import type { Mode } from '../lesson/LessonActions.tsx';
import { LessonSheet } from '../lesson/LessonSheet.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { ReportChecks } from './ReportChecks.tsx';
import { ReportDifferences } from './ReportDifferences.tsx';
import { ReportGaps } from './ReportGaps.tsx';
import { ReportHead } from './ReportHead.tsx';
import { ReportLines } from './ReportLines.tsx';
import { ReportMoves } from './ReportMoves.tsx';
import { ReportTexts } from './ReportTexts.tsx';
import { ReportTextsForm } from './ReportTextsForm.tsx';
import { ReportWay } from './ReportWay.tsx';
import './reports.css';
import './way.css';

export default function ReportPage({ id }: { id: string }) {
    const { t, fmt } = useI18n();
    const link = useLink();
    const { go } = useRouter();
    const school = useMe().role === 'school_officer'; // which has read its copy by opening it
    const { data: r, error, reload, set } = useLoad(`report ${id}`, (signal) => (school ? api.openReport(id) : api.report(id, signal)));
    const [opened, setOpened] = useState<{ id: number; mode: Mode } | null>(null);
    const [told, setTold] = useState('');
    const [unsaved, setUnsaved] = useState(false);
    const month = id.slice(-7);
    const edits = r?.moves.includes('edit') ?? false;
    const judges = r?.moves.some((m) => m === 'accept' || m === 'return' || m === 'correct') ?? false;
    return (
        <OfficePage title={r ? t('report.title', { child: r.child.name, mentor: r.mentor.name }) : t('reports.title')}
            crumb={<><a {...link({ at: 'reports', month })}>{t('reports.title')}</a> › {fmt.month(month)}</>}>
            {!r && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={8} onRetry={reload} />)}
            {r && told && <Note tone="ok" role="status"><p>{told}</p></Note>}
            {r && <ReportMoves report={r} unsaved={unsaved} onDone={(now, words) => { set(now); setTold(words); }} />}
            {r && (
                <div className="office-split">
                    <div className="report-main">
                        {(edits || r.holds) && <ReportGaps report={r} edits={edits} onOpen={(lesson, mode) => { setOpened({ id: lesson, mode }); }} />}
                        <section className="card" aria-label={t('report.title', { child: r.child.name, mentor: r.mentor.name })}>
                            <ReportHead report={r} />
                            <ReportLines report={r} onOpen={(lesson) => { setOpened({ id: lesson, mode: 'view' }); }} />
                        </section>
                        {edits && <ReportTextsForm key={r.rev} report={r} onUnsaved={setUnsaved} onSaved={set} />}
                    </div>
                    <div className="report-side">
                        <ReportWay report={r} />
                        {r.differences.length > 0 && <ReportDifferences report={r} />}
                        <ReportChecks report={r} />
                        {!edits && <ReportTexts report={r} />}
                        <div className="report-buttons no-print">
                            {(edits || judges) && <Button icon={HeartPulse} onPress={() => { go({ at: 'wellbeing', id }); }}>{t('wellbeing.open')}</Button>}
                            <LinkButton icon={FileSpreadsheet} href={api.reportFile(id, 'csv')} download>{t('reports.csv')}</LinkButton>
                            <LinkButton icon={FileSpreadsheet} href={api.reportFile(id, 'xlsx')} download>{t('reports.xlsx')}</LinkButton>
                            <LinkButton icon={FileDown} href={api.reportFile(id, 'pdf')} download>{t('reports.pdf')}</LinkButton>
                        </div>
                    </div>
                </div>
            )}
            {opened && <LessonSheet key={opened.id} id={opened.id} start={opened.mode} onClose={() => { setOpened(null); }} onChanged={reload} />}
        </OfficePage>
    );
}
