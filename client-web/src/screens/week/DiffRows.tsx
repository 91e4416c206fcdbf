// SPDX-License-Identifier: Apache-2.0
//
// Lines of a draft: before, after, who is told, and the way to leave a line out. Inside a child's
// group the child's name is not said again.
import { ArrowRight, CalendarClock, Plus, TriangleAlert, Undo2, UsersRound, X, type LucideIcon } from 'lucide-react';
import type { DiffRow, LessonBrief } from '../../core/api.gen.ts';
import { breaks, lessonOf } from '../../core/draft-view.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import '../../ui/table.css';

const KINDS: Record<DiffRow['kind'], { tone: Tone; icon: LucideIcon }> = {
    new: { tone: 'ok', icon: Plus }, moved: { tone: 'warn', icon: ArrowRight }, swapped: { tone: 'info', icon: UsersRound }, gone: { tone: 'bad', icon: X },
};

interface Props { rows: DiffRow[]; broken: ReadonlySet<number>; named: boolean; onUndo: (row: DiffRow) => void }

/** `named`: each line says whose lesson it is. */
export function DiffRows({ rows, broken, named, onUndo }: Props) {
    const { t } = useI18n();
    return (
        <div className="table-wrap">
            <table className="table cards">
                <thead>
                    <tr>
                        <th>{t(named ? 'draft.col.whose' : 'draft.col.lesson')}</th><th>{t('draft.col.kind')}</th><th>{t('draft.col.before')}</th><th>{t('draft.col.after')}</th>
                        <th>{t('draft.col.told')}</th><th>{t('draft.col.do')}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows.map((r) => (
                        <Row key={`${r.before?.id ?? 0}-${r.after?.id ?? 0}`} row={r} named={named} broken={breaks(r, broken)}
                            onUndo={() => { onUndo(r); }} />
                    ))}
                </tbody>
            </table>
        </div>
    );
}

function Row({ row, named, broken, onUndo }: { row: DiffRow; named: boolean; broken: boolean; onUndo: () => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const it = lessonOf(row);
    if (!it) return null;
    const { tone, icon } = KINDS[row.kind];
    const subject = t(`subject.${it.subject}`);
    const who = fmt.list(it.children.map((c) => c.name));
    const side = (l: LessonBrief) => (row.kind === 'swapped' ? `${fmt.dayTime(l.start, l.tz)}, ${l.mentor.name}` : fmt.dayTime(l.start, l.tz));
    return (
        <tr>
            <th scope="row">
                {named ? `${who}, ${subject}` : subject}
                {it.tz !== me.tz && <span className="row-sub">{t('draft.zone', { zone: fmt.zone(it.tz) })}</span>}
            </th>
            <td data-label={t('draft.col.kind')}>
                <span className="draft-chips">
                    <Chip tone={tone} icon={icon}>{t(`draft.kind.${row.kind}`)}</Chip>
                    {broken && <Chip tone="bad" icon={TriangleAlert}>{t('draft.breaks')}</Chip>}
                    {row.late && <Chip tone="warn" icon={CalendarClock}>{t('draft.late')}</Chip>}
                    {row.changed && <Chip tone="bad">{t('draft.changed')}</Chip>}
                </span>
            </td>
            <td data-label={t('draft.col.before')}>{row.before ? <span className="draft-before">{side(row.before)}</span> : '–'}</td>
            <td data-label={t('draft.col.after')}>{row.after ? <span className="strong">{side(row.after)}</span> : '–'}</td>
            <td data-label={t('draft.col.told')}>{fmt.list(row.told.map((p) => p.name))}</td>
            <td><Button icon={Undo2} onPress={onUndo} aria-label={t('draft.leave_out_of', { subject, who, time: fmt.dayTime(it.start, it.tz) })}>{t('draft.leave_out')}</Button></td>
        </tr>
    );
}
