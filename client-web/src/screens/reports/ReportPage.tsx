// SPDX-License-Identifier: Apache-2.0
//
// One month report, made from the register when asked: head, totals, lines, checks.
import { useState } from 'react';
import { FileDown, FileSpreadsheet } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { LessonSheet } from '../lesson/LessonSheet.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { ReportChecks } from './ReportChecks.tsx';
import { ReportHead } from './ReportHead.tsx';
import { ReportLines } from './ReportLines.tsx';
import { ReportTexts } from './ReportTexts.tsx';
import './reports.css';

export default function ReportPage({ id }: { id: string }) {
    const { t, fmt } = useI18n();
    const link = useLink();
    const { data: r, error, reload } = useLoad(`report ${id}`, (signal) => api.report(id, signal));
    const [opened, setOpened] = useState<number | null>(null);
    const month = id.slice(-7);
    return (
        <OfficePage title={r ? t('report.title', { child: r.child.name, mentor: r.mentor.name }) : t('reports.title')}
            crumb={<><a {...link({ at: 'reports', month })}>{t('reports.title')}</a> › {fmt.month(month)}</>}
            actions={(
                <>
                    <LinkButton icon={FileSpreadsheet} href={api.reportFile(id, 'csv')} download>{t('reports.csv')}</LinkButton>
                    <LinkButton look="main" icon={FileDown} href={api.reportFile(id, 'pdf')} download>{t('reports.pdf')}</LinkButton>
                </>
            )}>
            {!r && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={8} onRetry={reload} />)}
            {r && (
                <div className="office-split">
                    <section className="card" aria-label={t('report.title', { child: r.child.name, mentor: r.mentor.name })}>
                        <ReportHead report={r} />
                        <ReportLines report={r} onOpen={setOpened} />
                    </section>
                    <div className="report-side">
                        <ReportChecks report={r} />
                        <ReportTexts report={r} />
                    </div>
                </div>
            )}
            {opened !== null && <LessonSheet id={opened} onClose={() => { setOpened(null); }} onChanged={reload} />}
        </OfficePage>
    );
}
