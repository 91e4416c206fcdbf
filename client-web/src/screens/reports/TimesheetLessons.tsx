// SPDX-License-Identifier: Apache-2.0
//
// The quarter-hour view: every lesson with the time mentor and child were there together.
import type { Timesheet } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import '../../ui/table.css';

export function TimesheetLessons({ sheet }: { sheet: Timesheet }) {
    const { t, fmt } = useI18n();
    return (
        <div className="card table-wrap">
            <table className="table cards">
                <thead>
                    <tr>
                        <th>{t('timesheet.day')}</th><th>{t('timesheet.time')}</th><th>{t('timesheet.mentor')}</th><th>{t('timesheet.subject')}</th>
                        <th className="num">{t('timesheet.quarter_hours')}</th><th className="num">{t('timesheet.total')}</th>
                    </tr>
                </thead>
                <tbody>
                    {sheet.lessons.map((l) => (
                        <tr key={`${l.row}-${l.start}`}>
                            <th scope="row">{fmt.weekdayShort(l.start, l.tz)}</th>
                            <td data-label={t('timesheet.time')}>{fmt.clock(l.start, l.tz)}–{fmt.clock(l.end, l.tz)}</td>
                            <td data-label={t('timesheet.mentor')}>{sheet.rows[l.row]?.mentor.name}</td>
                            <td data-label={t('timesheet.subject')}>{t(`subject.${l.subject}`)}{l.substitute && <span className="row-sub">{t('timesheet.substitute')}</span>}</td>
                            <td className="num" data-label={t('timesheet.quarter_hours')}>{l.quarters ?? t('timesheet.unsettled')}</td>
                            <td className="num" data-label={t('timesheet.total')}>{l.quarters === null ? '–' : fmt.number(l.credit_quarters / 4)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
