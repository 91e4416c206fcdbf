// SPDX-License-Identifier: Apache-2.0
//
// What the reader may do with the mark sheet now, and what stands in the way of it.
import { useState } from 'react';
import { CircleCheck, PencilLine, Send, Undo2 } from 'lucide-react';
import { api, type ReportMove } from '../../core/api.ts';
import type { MarkSheet } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { NoteSheet } from '../reports/ReportMoves.tsx';

const MOVES = ['submit', 'accept', 'return', 'correct', 'acknowledge'] as const;

export function SheetMoves({ sheet: s, unsaved, onDone }: { sheet: MarkSheet; unsaved: boolean; onDone: (now: MarkSheet, words: string) => void }) {
    const { t } = useI18n();
    const [asks, setAsks] = useState<'return' | 'correct' | null>(null);
    const may = (move: (typeof MOVES)[number]) => s.moves.includes(move);
    const go = useAction((_key, move: ReportMove, note?: string) => api.sheetMove(s.id, s.rev, move, note).then((now) => ({ now, move })),
        ({ now, move }) => { setAsks(null); onDone(now, t(`sheet.done.${move}`)); });
    const held = unsaved ? t('sheet.save_first') : s.holds ? t(`error.gate.${s.holds.code}`) : null;
    if (!MOVES.some(may)) return null;
    return (
        <div className="report-moves no-print">
            {go.error !== null && !asks && <Note tone="bad" role="alert"><p>{errorSentence(t, go.error)}</p></Note>}
            <div className="report-buttons">
                {may('return') && <Button icon={Undo2} onPress={() => { setAsks('return'); }}>{t('move.return')}</Button>}
                {may('correct') && <Button icon={PencilLine} onPress={() => { setAsks('correct'); }}>{t('move.correct')}</Button>}
                {may('submit') && <Button look="main" icon={Send} isPending={go.pending} blocked={held} onPress={() => { go.run('submit'); }}>{t('move.submit')}</Button>}
                {may('accept') && <Button look="main" icon={Send} isPending={go.pending} blocked={held} onPress={() => { go.run('accept'); }}>{t('move.accept', { school: s.school.name })}</Button>}
                {may('acknowledge') && <Button look="main" icon={CircleCheck} isPending={go.pending} onPress={() => { go.run('acknowledge'); }}>{t('move.acknowledge')}</Button>}
            </div>
            {asks && <NoteSheet move={asks} label={t(asks === 'correct' ? 'sheet.correct_note' : 'move.return_note')} pending={go.pending} error={go.error} onClose={() => { go.clear(); setAsks(null); }} onSend={(note) => { go.run(asks, note); }} />}
        </div>
    );
}
