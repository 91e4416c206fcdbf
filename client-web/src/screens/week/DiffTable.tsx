// SPDX-License-Identifier: Apache-2.0
//
// What publishing does, line by line: before, after, who is told. Any line can be left out.
import { ArrowRight, CalendarClock, Plus, Undo2, UsersRound, X, type LucideIcon } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { DiffRow, LessonBrief, ScheduleDiff } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Note } from '../../ui/Note.tsx';
import '../../ui/table.css';

const KINDS: Record<DiffRow['kind'], { tone: Tone; icon: LucideIcon }> = {
    new: { tone: 'ok', icon: Plus }, moved: { tone: 'warn', icon: ArrowRight }, swapped: { tone: 'info', icon: UsersRound }, gone: { tone: 'bad', icon: X },
};

export function DiffTable({ diff, onChanged }: { diff: ScheduleDiff; onChanged: () => void }) {
    const { t } = useI18n();
    const undo = useAction((key, row: DiffRow) => (row.after?.id ? api.leaveOut(row.after.id, `"v${row.version}"`)
        : api.planStay(diff.version.id, row.before?.id ?? 0, key)), onChanged);
    if (diff.rows.length === 0) return <div className="card"><Empty icon={CalendarClock} sentence={t('draft.none')} /></div>;
    return (
        <>
            {undo.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, undo.error)}</p></Note>}
            <section className="card table-wrap" aria-labelledby="draft-changes">
                <div className="panel-head"><h2 id="draft-changes">{t('draft.changes')}</h2></div>
                <table className="table cards">
                    <thead>
                        <tr>
                            <th>{t('draft.col.whose')}</th><th>{t('draft.col.kind')}</th><th>{t('draft.col.before')}</th><th>{t('draft.col.after')}</th>
                            <th>{t('draft.col.told')}</th><th>{t('draft.col.do')}</th>
                        </tr>
                    </thead>
                    <tbody>{diff.rows.map((r) => <Row key={`${r.before?.id ?? 0}-${r.after?.id ?? 0}`} row={r} onUndo={() => { undo.run(r); }} />)}</tbody>
                </table>
            </section>
            {diff.more > 0 && <Note><p>{t('draft.more', { n: diff.more })}</p></Note>}
        </>
    );
}

function Row({ row, onUndo }: { row: DiffRow; onUndo: () => void }) {
    const { t, fmt } = useI18n();
    const it = row.after ?? row.before;
    if (!it) return null;
    const { tone, icon } = KINDS[row.kind];
    const subject = t(`subject.${it.subject}`);
    const who = fmt.list(it.children.map((c) => c.name));
    const side = (l: LessonBrief) => (row.kind === 'swapped' ? `${fmt.dayTime(l.start, l.tz)}, ${l.mentor.name}` : fmt.dayTime(l.start, l.tz));
    return (
        <tr>
            <th scope="row">{`${who}, ${subject}`}</th>
            <td data-label={t('draft.col.kind')}>
                <span className="draft-chips">
                    <Chip tone={tone} icon={icon}>{t(`draft.kind.${row.kind}`)}</Chip>
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
