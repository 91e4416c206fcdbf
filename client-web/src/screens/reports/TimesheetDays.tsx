// SPDX-License-Identifier: Apache-2.0
//
// Form 0504421: a row per mentor and school, a column per day; the name leads to the
// lessons behind the figures. Sideways it scrolls in its own frame.
import type { Timesheet, TimesheetRow } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import '../../ui/table.css';

export function TimesheetDays({ sheet, onLessons }: { sheet: Timesheet; onLessons: () => void }) {
    const { t } = useI18n();
    return (
        <div className="card timesheet-frame">
            <table className="table timesheet">
                <thead>
                    <tr>
                        <th>{t('timesheet.mentor')}</th>
                        {Array.from({ length: sheet.last_day }, (_, i) => <th key={i} className="num">{i + 1}</th>)}
                        <th className="num">{t('timesheet.total')}</th><th className="num">{t('timesheet.days_worked')}</th><th className="num">{t('timesheet.substitute')}</th>
                    </tr>
                </thead>
                <tbody>{sheet.rows.map((r) => <Row key={`${r.mentor.id}-${r.school.id}`} row={r} onLessons={onLessons} />)}</tbody>
            </table>
        </div>
    );
}

function Row({ row: r, onLessons }: { row: TimesheetRow; onLessons: () => void }) {
    const { t, fmt } = useI18n();
    const units = (quarters: number) => fmt.number(quarters / 4);
    return (
        <tr>
            <th scope="row"><button type="button" className="line-day" onClick={onLessons} aria-label={t('timesheet.lessons_of', { name: r.mentor.name })}>{r.mentor.name}</button><span className="row-sub">{r.school.name}</span>{r.open > 0 && <span className="row-sub timesheet-open">{t('timesheet.open', { n: r.open })}</span>}</th>
            {r.days.map((q, i) => <td key={i} className="num">{q ? units(q) : ''}</td>)}
            <td className="num strong">{units(r.credit_quarters)}</td>
            <td className="num">{r.days_worked}</td>
            <td className="num">{r.substitute_quarters ? units(r.substitute_quarters) : ''}</td>
        </tr>
    );
}
