// SPDX-License-Identifier: Apache-2.0
//
// Lessons of a draft that break a rule: rule, number, limit, the other lesson, and times that are free
// for everybody, one press each. Of many the first are unfolded. Warnings stand below: they hold nothing up.
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { PlannedLesson, Slot } from '../../core/api.gen.ts';
import { wall, wholeMinutes } from '../../core/wall.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Note } from '../../ui/Note.tsx';
import { Conflicts } from '../lesson/Conflicts.tsx';

const FIRST = 3; // so many are unfolded: the next step stands in sight, the others are counted

export function Problems({ lines, onChanged }: { lines: PlannedLesson[]; onChanged: () => void }) {
    const { t } = useI18n();
    const bad = lines.filter((l) => l.conflicts.length > 0);
    const soft = lines.filter((l) => l.conflicts.length === 0 && l.warnings.length > 0);
    if (lines.length === 0) return null;
    return (
        <section className="card" aria-labelledby="draft-problems">
            <div className="panel-head"><h2 id="draft-problems">{bad.length > 0 ? t('draft.problems', { n: bad.length }) : t('draft.fine')}</h2>{bad.length > 0 ? <TriangleAlert className="icon" aria-hidden /> : <CircleCheck className="icon" aria-hidden />}</div>
            {bad.slice(0, FIRST).map((l) => <Problem key={l.lesson.id} line={l} onChanged={onChanged} />)}
            {bad.length > FIRST && (
                <details className="draft-group">
                    <summary>{t('draft.problems_more', { n: bad.length - FIRST })}</summary>
                    {bad.slice(FIRST).map((l) => <Problem key={l.lesson.id} line={l} onChanged={onChanged} />)}
                </details>
            )}
            {soft.length > 0 && (
                <details className="draft-group" open={soft.length <= FIRST}>
                    <summary>{t('draft.warnings', { n: soft.length })}</summary>
                    {soft.map((l) => <Warning key={l.lesson.id} line={l} />)}
                </details>
            )}
        </section>
    );
}

function useName(line: PlannedLesson): string {
    const { t, fmt } = useI18n();
    const { lesson: l } = line;
    return t('draft.lesson', {
        subject: t(`subject.${l.subject}`), who: fmt.list(l.children.map((c) => c.name)), day: fmt.weekdayShort(l.start, l.tz), time: fmt.clock(l.start, l.tz),
    });
}

function Problem({ line, onChanged }: { line: PlannedLesson; onChanged: () => void }) {
    const { t } = useI18n();
    const { lesson } = line;
    const name = useName(line);
    const take = useAction((_key, slot: Slot) => api.replan(lesson.id ?? 0, `"v${line.version}"`, {
        ...wall(slot.start, lesson.tz), minutes: wholeMinutes(slot.end - slot.start),
    }), onChanged);
    return (
        <div className="draft-problem">
            <h3>{name}</h3>
            {take.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, take.error)}</p></Note>}
            <Conflicts error={{ code: 'conflict', conflicts: line.conflicts, free_slots: line.free_slots }} tz={lesson.tz} onSlot={(slot) => { take.run(slot); }} />
        </div>
    );
}

function Warning({ line }: { line: PlannedLesson }) {
    const { t, fmt } = useI18n();
    const name = useName(line);
    const { warnings } = line;
    return (
        <div className="draft-problem">
            <h3>{name}</h3>
            {warnings.map((c) => {
                const args = { who: c.who?.name ?? '', value: c.value ?? 0, limit: c.limit ?? 0, number: c.number, subject: '', child: '', mentor: '', time: fmt.clock(line.lesson.start, line.lesson.tz) };
                return <p key={c.rule} className="small">{t(`conflict.${c.rule}`, args)} {t(`conflict.rule.${c.rule}`, args)}</p>;
            })}
        </div>
    );
}
