// SPDX-License-Identifier: Apache-2.0
//
// A line per lesson. The day opens the register of that lesson.
import type { Report, ReportLine } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { wholeMinutes } from '../../core/wall.ts';
import { CodeCell } from '../../ui/CodeCell.tsx';
import { useWhy } from './useWhy.ts';
import '../../ui/table.css';

export function ReportLines({ report: r, onOpen }: { report: Report; onOpen: (lesson: number) => void }) {
    const { t } = useI18n();
    const several = new Set(r.lines.map((l) => l.subject)).size > 1;
    if (r.lines.length === 0) return <p className="report-none quiet">{t('report.empty')}</p>;
    return (
        <div className="table-wrap">
            <table className="table cards report-lines">
                <thead>
                    <tr>
                        <th>{t('report.day')}</th><th>{t('report.plan')}</th><th>{t('report.topic')}</th><th className="num">{t('report.in')}</th><th className="num">{t('report.out')}</th>
                        <th className="num">{t('reports.together')}</th><th className="mid">{t('report.code')}</th><th>{t('report.why')}</th><th className="num">{t('report.mark')}</th>
                    </tr>
                </thead>
                <tbody>{r.lines.map((l) => <Line key={l.no} line={l} subject={several} tz={r.tz} onOpen={onOpen} />)}</tbody>
            </table>
        </div>
    );
}

function Line({ line: l, subject, tz, onOpen }: { line: ReportLine; subject: boolean; tz: string; onOpen: (lesson: number) => void }) {
    const { t, fmt } = useI18n();
    const why = useWhy()(l);
    const clock = (ms: number | null) => (ms === null ? '–' : fmt.clock2(ms, tz));
    const over = l.status === 'over';
    const label = (name: string, some: boolean) => (some ? { 'data-label': name, className: 'why' } : { className: 'blank' });
    return (
        <tr className={over ? '' : 'off'}>
            <th scope="row"><button type="button" className="line-day" onClick={() => { onOpen(l.lesson); }} aria-label={t('report.open_lesson', { day: fmt.weekdayShort(l.start, tz), time: fmt.clock(l.start, tz) })}>{fmt.weekdayShort(l.start, tz)}</button></th>
            <td className="time" data-label={t('report.plan')}>{fmt.clock2(l.start, tz)}</td>
            <td className="topic"><span>{l.topic ?? '–'}</span>{(subject || l.homework) && <span className="row-sub">{[subject ? t(`subject.${l.subject}`) : '', l.homework ?? ''].filter(Boolean).join(', ')}</span>}</td>
            <td className="num in" data-label={t('report.in')}>{clock(l.first)}</td>
            <td className="num out" data-label={t('report.out')}>{clock(l.last)}</td>
            <td className="num both" data-label={t('reports.together')}>{over ? t('common.minutes_short', { n: wholeMinutes(l.contact_ms) }) : '–'}</td>
            <td className={`mid${l.code ? '' : ' blank'}`} data-label={t('report.code')}>{l.code && <CodeCell code={l.code} changed={l.amended} />}</td>
            <td {...label(t('report.why'), why !== '')}>{why}</td>
            <td className={`num strong${l.mark ? '' : ' blank'}`} data-label={t('report.mark')}>{l.mark ? t(`mark.${l.mark}`) : '–'}</td>
        </tr>
    );
}
