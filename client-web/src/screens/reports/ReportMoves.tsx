// SPDX-License-Identifier: Apache-2.0
//
// What the reader can do with the report now: one main step, and the step back with a word.
import { useState } from 'react';
import { CircleCheck, PencilLine, Send, Undo2 } from 'lucide-react';
import { api, type ReportMove } from '../../core/api.ts';
import type { Report } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';

export function ReportMoves({ report: r, unsaved, onDone }: { report: Report; unsaved: boolean; onDone: (now: Report, words: string) => void }) {
    const { t } = useI18n();
    const [asks, setAsks] = useState<'return' | 'correct' | null>(null);
    const may = (move: ReportMove) => r.moves.includes(move);
    const go = useAction((_key, move: ReportMove, note?: string) => api.reportMove(r.id, r.rev, move, note).then((now) => ({ now, move })),
        ({ now, move }) => { setAsks(null); onDone(now, t(`move.done.${move}`)); });
    const held = r.holds ? t(`error.gate.${r.holds.code}`) : unsaved ? t('move.save_first') : null;
    if (!(['submit', 'accept', 'return', 'correct', 'acknowledge'] as const).some(may)) return null;
    return (
        <div className="report-moves no-print">
            {go.error !== null && !asks && <Note tone="bad" role="alert"><p>{errorSentence(t, go.error)}</p></Note>}
            <div className="report-buttons">
                {may('return') && <Button icon={Undo2} onPress={() => { setAsks('return'); }}>{t('move.return')}</Button>}
                {may('correct') && <Button icon={PencilLine} onPress={() => { setAsks('correct'); }}>{t('move.correct')}</Button>}
                {may('submit') && <Button look="main" icon={Send} isPending={go.pending} blocked={held} onPress={() => { go.run('submit'); }}>{t('move.submit')}</Button>}
                {may('accept') && <Button look="main" icon={Send} isPending={go.pending} blocked={held} onPress={() => { go.run('accept'); }}>{t('move.accept', { school: r.school.name })}</Button>}
                {may('acknowledge') && <Button look="main" icon={CircleCheck} isPending={go.pending} onPress={() => { go.run('acknowledge'); }}>{t('move.acknowledge')}</Button>}
            </div>
            {asks && <NoteSheet move={asks} label={t(`move.${asks}_note`)} pending={go.pending} error={go.error} onClose={() => { go.clear(); setAsks(null); }} onSend={(note) => { go.run(asks, note); }} />}
        </div>
    );
}

export function NoteSheet({ move, label, pending, error, onClose, onSend }: {
    move: 'return' | 'correct'; label: string; pending: boolean; error: unknown; onClose: () => void; onSend: (note: string) => void;
}) {
    const { t } = useI18n();
    const [note, setNote] = useState('');
    return (
        <Sheet open onClose={onClose} title={t(`move.${move}`)}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); if (note.trim()) onSend(note.trim()); }}>
                {error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, error)}</p></Note>}
                <TextField label={label} value={note} onChange={setNote} rows={4} maxLength={1000} autoFocus />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.back')}</Button>
                    <Button look="main" type="submit" isPending={pending} blocked={note.trim() ? null : t('move.note_needed')}>{t(`move.${move}`)}</Button>
                </div>
            </form>
        </Sheet>
    );
}
