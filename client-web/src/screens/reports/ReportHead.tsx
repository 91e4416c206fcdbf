// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { useHours } from './useHours.ts';

/** Who, where, by which order; and the totals, as large as they matter. */
export function ReportHead({ report: r }: { report: Report }) {
    const { t, fmt } = useI18n();
    const hours = useHours();
    const facts: [string, string][] = [
        [t('report.child'), t('report.child_value', { name: r.child.name, grade: r.grade })],
        [t('report.subject'), fmt.list([...new Set(r.lines.map((l) => t(`subject.${l.subject}`)))]) || '–'],
        [t('report.school'), r.school.name],
        [t('report.order'), t('report.order_value', { order: r.order_no, hours: hours(r.week_minutes * 60_000) })],
        [t('report.zone'), fmt.zone(r.tz)],
        [t('report.version'), String(r.version)],
    ];
    const totals: [string, string | number][] = [
        [t('report.planned'), r.totals.planned], [t('report.held'), r.totals.held], [t('report.partial'), r.totals.partial],
        [t('report.not_held'), r.totals.not_held], [t('report.together'), hours(r.totals.contact_ms)], [t('report.owed'), r.totals.make_ups_owed],
    ];
    return (
        <>
            <dl className="report-facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
            <dl className="report-totals">{totals.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
        </>
    );
}
