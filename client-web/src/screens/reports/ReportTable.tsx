// SPDX-License-Identifier: Apache-2.0
import { Download } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ReportItem } from '../../core/api.gen.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import { useHours } from './useHours.ts';
import '../../ui/table.css';

const TONES: Record<ReportItem['state'], Tone> = { not_due: 'plain', due: 'warn', draft: 'warn', submitted: 'info', returned: 'warn', accepted: 'ok', duplicated: 'ok', acknowledged: 'ok' };

export function ReportTable({ items }: { items: ReportItem[] }) {
    const { t } = useI18n();
    return (
        <div className="card table-wrap">
            <table className="table cards report-table">
                <thead>
                    <tr>
                        <th>{t('reports.child')}</th><th>{t('reports.mentor')}</th><th>{t('reports.school')}</th><th className="num">{t('reports.planned')}</th>
                        <th className="num">{t('reports.held')}</th><th className="num">{t('reports.partial')}</th><th className="num">{t('reports.together')}</th>
                        <th>{t('reports.state')}</th><th>{t('reports.files')}</th>
                    </tr>
                </thead>
                <tbody>{items.map((r) => <Row key={r.id} it={r} />)}</tbody>
            </table>
        </div>
    );
}

function Row({ it }: { it: ReportItem }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const link = useLink();
    const hours = useHours();
    const who = { child: it.child.name, mentor: it.mentor.name };
    return (
        <tr>
            <th scope="row"><a className="row-link" {...link({ at: 'report', id: it.id })} aria-label={t('reports.open', who)}>{it.child.name}</a><span className="row-sub">{t('common.grade', { n: it.grade })}</span></th>
            <td data-label={t('reports.mentor')}>{it.mentor.name}</td>
            <td data-label={t('reports.school')}>{it.school.name}</td>
            <td className="num" data-label={t('reports.planned')}>{it.planned}</td>
            <td className="num" data-label={t('reports.held')}>{it.held}</td>
            <td className="num" data-label={t('reports.partial')}>{it.partial}</td>
            <td className="num" data-label={t('reports.together')}>{hours(it.contact_ms)}</td>
            <td>
                <Chip tone={it.overdue ? 'bad' : TONES[it.state]}>{t(it.overdue ? 'reports.state.overdue' : `reports.state.${it.state}`, { day: fmt.dayMonth(it.due, me.tz) })}</Chip>
                {it.copy?.sent && !it.copy.acknowledged && <span className="row-sub">{it.copy.opened ? t('reports.opened', { day: fmt.dayMonth(it.copy.opened, me.tz) }) : t('reports.unopened')}</span>}
                {it.notes_missing > 0 && <span className="row-sub">{t('reports.notes_missing', { n: it.notes_missing })}</span>}
            </td>
            <td>
                <span className="files">
                    <a className="file-link" href={api.reportFile(it.id, 'csv')} download aria-label={t('reports.csv_of', who)}><Download className="icon" aria-hidden />{t('reports.csv')}</a>
                    <a className="file-link" href={api.reportFile(it.id, 'pdf')} download aria-label={t('reports.pdf_of', who)}><Download className="icon" aria-hidden />{t('reports.pdf')}</a>
                </span>
            </td>
        </tr>
    );
}
