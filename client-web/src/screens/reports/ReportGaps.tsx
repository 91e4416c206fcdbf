// SPDX-License-Identifier: Apache-2.0
//
// What stands between the report and its next step, each with the way to it.
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { Report, ReportLine } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import type { Mode } from '../lesson/LessonActions.tsx';

type Gap = 'topic' | 'reason' | 'ahead' | 'disputed';

/** The gaps of a line, the ones that hold the report up first. */
function gapOf(l: ReportLine): Gap | null {
    if (l.status === 'ahead') return 'ahead';
    if (l.status !== 'over') return null;
    if (l.code === 'N') return 'reason';
    if (l.family === 'disputed') return 'disputed';
    return (l.outcome === 'held' || l.outcome === 'partial') && !l.topic ? 'topic' : null;
}

export function ReportGaps({ report: r, edits, onOpen }: { report: Report; edits: boolean; onOpen: (lesson: number, mode: Mode) => void }) {
    const { t, fmt } = useI18n();
    const gaps = r.lines.flatMap((line) => {
        const gap = gapOf(line);
        return gap ? [{ line, gap }] : [];
    });
    return (
        <section className="card side-card" aria-labelledby="report-gaps">
            <h2 id="report-gaps">{t('gaps.title')}</h2>
            {gaps.length === 0 && !r.holds && <p className="gaps-none"><CircleCheck className="icon" aria-hidden />{t('gaps.none')}</p>}
            {gaps.length === 0 && r.holds && <p>{t(`error.gate.${r.holds.code}`)}</p>}
            <ul className="gaps">
                {gaps.map(({ line, gap }) => (
                    <li key={line.no}>
                        <span className="gap-words"><CircleAlert className="icon" aria-hidden />{t(`gaps.${gap}`, { day: fmt.weekdayShort(line.start, r.tz), time: fmt.clock(line.start, r.tz) })}</span>
                        <Button onPress={() => { onOpen(line.lesson, gap === 'topic' && edits ? 'note' : 'view'); }}>{t(gap === 'topic' && edits ? 'gaps.write' : 'gaps.look')}</Button>
                    </li>
                ))}
            </ul>
        </section>
    );
}
