// SPDX-License-Identifier: Apache-2.0
import { CalendarX2, TriangleAlert } from 'lucide-react';
import type { Series } from '../../core/api.gen.ts';
import { lastDay, readRule } from '../../core/series.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import '../../ui/table.css';
import { useSubject } from './useSubject.ts';

export function SeriesTable({ series, onEnd }: { series: Series[]; onEnd: (s: Series) => void }) {
    const { t } = useI18n();
    return (
        <div className="card table-wrap">
            <table className="table cards">
                <caption className="spoken">{t('series.title')}</caption>
                <thead>
                    <tr>
                        <th>{t('series.lesson')}</th><th>{t('series.mentor')}</th><th>{t('series.days')}</th><th>{t('series.span')}</th><th>{t('series.ahead')}</th>
                        <th><span className="spoken">{t('series.end')}</span></th>
                    </tr>
                </thead>
                <tbody>{series.map((s) => <Row key={s.id} series={s} onEnd={() => { onEnd(s); }} />)}</tbody>
            </table>
        </div>
    );
}

function Row({ series: s, onEnd }: { series: Series; onEnd: () => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const link = useLink();
    const subject = useSubject();
    const rule = readRule(s.rule, s.first);
    const last = lastDay(s);
    const [child] = s.children;
    const who = fmt.list(s.children.map((c) => c.name));
    return (
        <tr>
            <th scope="row">
                {child && s.children.length === 1 ? <a className="row-link" {...link({ at: 'week', of: `child-${child.id}`, date: null })}>{who}</a> : who}
                <span className="row-sub">{subject(s.subject)}</span>
            </th>
            <td data-label={t('series.mentor')}><a className="row-link" {...link({ at: 'week', of: `mentor-${s.mentor.id}`, date: null })}>{s.mentor.name}</a></td>
            <td data-label={t('series.days')}>
                <span>
                    {t('series.at', { days: fmt.list(rule.days.map((d) => t(`series.day.${d as 1 | 2 | 3 | 4 | 5 | 6 | 7}`))), time: s.time.replace(/^0/, ''), minutes: s.minutes })}
                    {rule.every > 1 && <span className="row-sub">{t('series.every', { n: rule.every })}</span>}
                    {s.tz !== me.tz && <span className="row-sub">{t('series.zone', { zone: fmt.zone(s.tz) })}</span>}
                </span>
            </td>
            <td data-label={t('series.span')}>
                <span>
                    {last ? t('series.from_to', { from: fmt.dayYear(s.first), to: fmt.dayYear(last) }) : t('series.from', { from: fmt.dayYear(s.first) })}
                    {s.ends_before !== null && <span className="row-sub"><Chip icon={CalendarX2}>{t('series.ended_early')}</Chip></span>}
                </span>
            </td>
            <td data-label={t('series.ahead')}>
                <span>
                    {t('series.lessons', { n: s.lessons })}
                    {s.next !== null && <span className="row-sub">{t('series.next', { when: fmt.dayTime(s.next, s.tz) })}</span>}
                    {s.shifted.length > 0 && <span className="row-sub"><Chip tone="warn" icon={TriangleAlert}>{t('series.shifted', { n: s.shifted.length })}</Chip></span>}
                </span>
            </td>
            <td><Button icon={CalendarX2} onPress={onEnd} aria-label={t('series.end_of', { who, subject: subject(s.subject) })}>{t('series.end')}</Button></td>
        </tr>
    );
}
