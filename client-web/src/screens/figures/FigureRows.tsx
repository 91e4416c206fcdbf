// SPDX-License-Identifier: Apache-2.0
//
// The rows that a figure is made of, by time; the day opens the lesson with its register.
import { useState } from 'react';
import { FileX2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { FigureName, FiguresRow } from '../../core/api.gen.ts';
import { askQuery, type FiguresAsk } from '../../core/figures.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { LessonSheet } from '../lesson/LessonSheet.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { useHours } from '../reports/useHours.ts';
import { useText } from './words.ts';
import '../reports/reports.css';
import './figures.css';
import '../../ui/table.css';

export default function FigureRows({ figure, ask }: { figure: FigureName; ask: FiguresAsk }) {
    const { t, fmt } = useI18n();
    const text = useText();
    const link = useLink();
    const key = `${figure}${askQuery(ask)}`;
    const table = useLoad(`figures of ${askQuery(ask)}`, (signal) => api.figures(ask, signal));
    const first = useLoad(`figure rows ${key}`, (signal) => api.figureRows(figure, ask, undefined, signal));
    const [more, setMore] = useState<{ key: string; items: FiguresRow[]; next: string | null } | null>(null);
    const [opened, setOpened] = useState<number | null>(null);
    const rest = more?.key === key ? more : null;
    const items = [...(first.data?.items ?? []), ...(rest?.items ?? [])];
    const next = rest ? rest.next : (first.data?.next ?? null);
    const load = async () => {
        const page = await api.figureRows(figure, ask, next ?? undefined);
        setMore({ key, items: [...(rest?.items ?? []), ...page.items], next: page.next });
    };
    const words = table.data?.definitions.find((d) => d.figure === figure);
    const months = table.data && (table.data.from === table.data.to ? fmt.month(table.data.from) : t('figures.span', { from: fmt.month(table.data.from), to: fmt.month(table.data.to) }));
    return (
        <OfficePage title={words ? text(words.name) : t('figures.title')} sub={words ? text(words.about) : ''}
            crumb={<><a className="row-link" {...link({ at: 'figures', ask })}>{t('figures.title')}</a>{months ? ` · ${months}` : ''}</>}>
            {!first.data && (first.error ? <Failed sentence={errorSentence(t, first.error)} onRetry={first.reload} /> : <Loading rows={6} onRetry={first.reload} />)}
            {first.data && items.length === 0 && <div className="card"><Empty icon={FileX2} sentence={t('figures.no_rows')} /></div>}
            {items.length > 0 && <Rows items={items} onOpen={setOpened} />}
            {next && <div><Button onPress={() => void load()}>{t('figures.more')}</Button></div>}
            {opened !== null && <LessonSheet key={opened} id={opened} onClose={() => { setOpened(null); }} onChanged={first.reload} />}
        </OfficePage>
    );
}

function Rows({ items, onOpen }: { items: FiguresRow[]; onOpen: (lesson: number) => void }) {
    const { t, fmt } = useI18n();
    const hours = useHours();
    return (
        <div className="card table-wrap">
            <table className="table cards">
                <thead>
                    <tr>
                        <th>{t('figures.day')}</th><th>{t('figures.child')}</th><th>{t('figures.by.mentor')}</th><th>{t('figures.by.subject')}</th><th>{t('figures.by.school')}</th>
                        <th>{t('figures.outcome')}</th><th className="num">{t('figures.together')}</th>
                    </tr>
                </thead>
                <tbody>
                    {items.map((r) => (
                        <tr key={`${String(r.lesson)}-${String(r.child.id)}`}>
                            <th scope="row">
                                <button type="button" className="line-day" onClick={() => { onOpen(r.lesson); }} aria-label={t('figures.open_lesson', { time: fmt.dayTime(r.start, r.tz), child: r.child.name })}>
                                    {fmt.dayTime(r.start, r.tz)}
                                </button>
                            </th>
                            <td data-label={t('figures.child')}>{r.child.name}</td>
                            <td data-label={t('figures.by.mentor')}>{r.mentor.name}</td>
                            <td data-label={t('figures.by.subject')}>{t(`subject.${r.subject}`)}</td>
                            <td data-label={t('figures.by.school')}>{r.school.name}</td>
                            <td data-label={t('figures.outcome')}>{t(`figures.kind.${r.kind}`)}</td>
                            <td className={r.contact_ms > 0 ? 'num' : 'num blank'} data-label={t('figures.together')}>{r.contact_ms > 0 ? hours(r.contact_ms) : ''}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
