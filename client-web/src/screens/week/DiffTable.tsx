// SPDX-License-Identifier: Apache-2.0
//
// What publishing does. A draft of a few lines is one table; a planned week of many is folded by child
// or by day, with the counts of each, and can be narrowed. Any line can be left out.
import { useState } from 'react';
import { CalendarClock, TriangleAlert } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { DiffRow, ScheduleDiff } from '../../core/api.gen.ts';
import { FLAT, groupRows, shownRows, type DraftBy, type DraftGroup, type DraftShow } from '../../core/draft-view.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { DiffRows } from './DiffRows.tsx';

const SHOWS: DraftShow[] = ['all', 'touched', 'broken'];

/** `broken`: ids of the planned lessons that break a rule. */
export function DiffTable({ diff, broken, onChanged }: { diff: ScheduleDiff; broken: ReadonlySet<number>; onChanged: () => void }) {
    const { t, lang } = useI18n();
    const [show, setShow] = useState<DraftShow>('all');
    const [by, setBy] = useState<DraftBy>('child');
    const undo = useAction((key, row: DiffRow) => (row.after?.id ? api.leaveOut(row.after.id, `"v${row.version}"`)
        : api.planStay(diff.version.id, row.before?.id ?? 0, key)), onChanged);
    if (diff.rows.length === 0) return <div className="card"><Empty icon={CalendarClock} sentence={t('draft.none')} /></div>;
    const many = diff.rows.length > FLAT;
    const rows = many ? shownRows(diff.rows, show, broken) : diff.rows;
    const lines = { broken, onUndo: undo.run };
    return (
        <>
            {undo.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, undo.error)}</p></Note>}
            <section className="card" aria-labelledby="draft-changes">
                <div className="panel-head"><h2 id="draft-changes">{t('draft.changes')}</h2></div>
                {many && (
                    <div className="draft-view">
                        <SelectField label={t('draft.show')} value={show} onChange={(v) => { setShow(SHOWS.find((s) => s === v) ?? 'all'); }}>
                            {SHOWS.map((s) => <option key={s} value={s}>{t(`draft.show.${s}`, { n: shownRows(diff.rows, s, broken).length })}</option>)}
                        </SelectField>
                        <SelectField label={t('draft.by')} value={by} onChange={(v) => { setBy(v === 'day' ? 'day' : 'child'); }}>
                            <option value="child">{t('draft.by.child')}</option>
                            <option value="day">{t('draft.by.day')}</option>
                        </SelectField>
                    </div>
                )}
                {rows.length === 0 && <p className="quiet week-pad" role="status">{t(`draft.show_none.${show === 'broken' ? 'broken' : 'touched'}`)}</p>}
                {rows.length > 0 && rows.length <= FLAT && <DiffRows rows={rows} named {...lines} />}
                {rows.length > FLAT && groupRows(rows, by, broken, lang).map((g) => <Group key={g.key} group={g} {...lines} />)}
            </section>
            {diff.more > 0 && <Note><p>{t('draft.more', { n: diff.more })}</p></Note>}
        </>
    );
}

function Group({ group, ...lines }: { group: DraftGroup; broken: ReadonlySet<number>; onUndo: (row: DiffRow) => void }) {
    const { t, fmt } = useI18n();
    const { counts } = group;
    const kinds = (['new', 'moved', 'swapped', 'gone'] as const).filter((k) => counts[k] > 0);
    return (
        <details className="draft-group">
            <summary>
                <span className="strong">{group.date ? fmt.date(group.date) : fmt.list(group.names)}</span>
                <span className="draft-chips">
                    {kinds.map((k) => <Chip key={k}>{t(`draft.${k}`, { n: counts[k] })}</Chip>)}
                    {group.broken > 0 && <Chip tone="bad" icon={TriangleAlert}>{t('draft.group_broken', { n: group.broken })}</Chip>}
                </span>
            </summary>
            <DiffRows rows={group.rows} named={group.date !== ''} {...lines} />
        </details>
    );
}
