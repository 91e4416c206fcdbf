// SPDX-License-Identifier: Apache-2.0
//
// The timesheet of a month: units by day, or each lesson in quarters of an hour; as a file too.
import { useState } from 'react';
import { ChevronLeft, ChevronRight, FileSpreadsheet, FileX2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import { now } from '../../core/clock.ts';
import { addMonths, wall } from '../../core/wall.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { TimesheetDays } from './TimesheetDays.tsx';
import { TimesheetLessons } from './TimesheetLessons.tsx';
import './reports.css';
import './timesheet.css';

export default function TimesheetPage({ month }: { month: string | null }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const shown = month ?? wall(now(), me.tz).date.slice(0, 7);
    const [view, setView] = useState<'days' | 'quarters'>('days');
    const { data, error, reload } = useLoad(`timesheet ${shown}`, (signal) => api.timesheet(shown, signal));
    const step = (n: number) => { go({ at: 'timesheet', month: addMonths(shown, n) }); };
    return (
        <OfficePage title={t('timesheet.title')} sub={t('timesheet.lead')} actions={(
            <>
                <IconButton framed icon={ChevronLeft} name={t('common.previous_month')} onPress={() => { step(-1); }} />
                <span className="strong reports-month">{fmt.month(shown)}</span>
                <IconButton framed icon={ChevronRight} name={t('common.next_month')} onPress={() => { step(1); }} />
                <LinkButton icon={FileSpreadsheet} href={api.timesheetFile('csv', shown, view)} download>{t('reports.csv')}</LinkButton>
                <LinkButton icon={FileSpreadsheet} href={api.timesheetFile('xlsx', shown, view)} download>{t('reports.xlsx')}</LinkButton>
            </>
        )}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data && data.rows.length === 0 && <div className="card"><Empty icon={FileX2} sentence={t('timesheet.empty')} /></div>}
            {data && data.rows.length > 0 && (
                <>
                    <div className="timesheet-view">
                        <SelectField label={t('timesheet.view')} value={view} onChange={(v) => { setView(v === 'quarters' ? 'quarters' : 'days'); }}>
                            <option value="days">{t('timesheet.days')}</option>
                            <option value="quarters">{t('timesheet.quarters')}</option>
                        </SelectField>
                    </div>
                    {view === 'days' ? <TimesheetDays sheet={data} onLessons={() => { setView('quarters'); }} /> : <TimesheetLessons sheet={data} />}
                </>
            )}
        </OfficePage>
    );
}
