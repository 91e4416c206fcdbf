// SPDX-License-Identifier: Apache-2.0
//
// The lines of a mark sheet, to read.
import type { MarkSheet, SheetSubject } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { useMarkWords } from './useMarkWords.ts';
import '../../ui/table.css';
import './marks.css';

export function SheetSubjects({ sheet: s }: { sheet: MarkSheet }) {
    const { t } = useI18n();
    const facts: [string, string][] = [
        [t('sheets.child'), s.child.name], [t('sheet.grade'), String(s.grade)], [t('sheet.register_no'), s.register_no],
        [t('sheets.mentor'), s.mentor.name], [t('sheets.school'), s.school.name], [t('sheet.version'), String(s.version)],
    ];
    return (
        <section className="card" aria-label={t('sheets.open', { child: s.child.name, mentor: s.mentor.name })}>
            <dl className="report-facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
            {s.subjects.length === 0 && <p className="report-none">{t('sheet.no_subjects')}</p>}
            {s.subjects.length > 0 && (
                <div className="table-wrap">
                    <table className="table cards marks-table">
                        <thead>
                            <tr>
                                <th>{t('sheet.subject')}</th><th className="num">{t('sheet.held')}</th><th className="num">{t('sheet.missed')}</th><th>{t('sheet.current')}</th>
                                <th className="num">{t('sheet.mean')}</th><th className="mid">{t('sheet.proposed')}</th><th className="mid">{t('sheet.mark')}</th><th>{t('sheet.reason')}</th>
                            </tr>
                        </thead>
                        <tbody>{s.subjects.map((l) => <Row key={l.subject} line={l} />)}</tbody>
                    </table>
                </div>
            )}
        </section>
    );
}

function Row({ line: l }: { line: SheetSubject }) {
    const { t } = useI18n();
    const words = useMarkWords();
    return (
        <tr>
            <th scope="row">{t(`subject.${l.subject}`)}{l.unresolved > 0 && <span className="row-sub">{t('sheet.unresolved', { n: l.unresolved })}</span>}</th>
            <td className="num" data-label={t('sheet.held')}>{l.held}</td>
            <td className="num" data-label={t('sheet.missed')}>{l.missed}</td>
            <td data-label={t('sheet.current')}>{l.current.map((m) => words.mark(m.mark)).join(' ') || t('sheet.none')}</td>
            <td className="num" data-label={t('sheet.mean')}>{words.mean(l.mean_hundredths)}</td>
            <td className="mid" data-label={t('sheet.proposed')}>{words.mark(l.proposed)}</td>
            <td className="mid" data-label={t('sheet.mark')}><strong className="marks-set">{words.mark(l.mark)}</strong></td>
            <td className={l.reason ? undefined : 'blank'} data-label={t('sheet.reason')}>{l.reason}</td>
        </tr>
    );
}
