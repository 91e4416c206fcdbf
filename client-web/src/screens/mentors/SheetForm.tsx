// SPDX-License-Identifier: Apache-2.0
//
// A form of hiring in a sheet: fields, what the server said against it with every gate it named, Back and
// the one button that does it. What was filled in stays.
import { useEffect, useRef, type ReactNode } from 'react';
import { Refused } from '../../core/api.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useHiringWords } from './useHiringWords.ts';

export function Problem({ error }: { error: unknown }) {
    const { t } = useI18n();
    const { problem } = useHiringWords();
    const summary = useRef<HTMLDivElement>(null);
    useEffect(() => { if (error) summary.current?.focus(); }, [error]);
    if (!error) return null;
    const gates = error instanceof Refused ? (error.error.gates ?? []).filter((g) => g.cause !== 'holds') : [];
    return (
        <Note tone="bad" role="alert" focusRef={summary}>
            <p>{problem(error)}</p>
            {gates.length > 0 && <ul className="gate-words">{gates.map((g) => <li key={g.gate}>{t('hiring.gate_line', { gate: t(`hiring.gate.${g.gate}`), cause: t(`hiring.cause.${g.cause}`) })}</li>)}</ul>}
        </Note>
    );
}

export function SheetForm({ title, doIt, onSubmit, onClose, pending, error, blocked, danger, wide, children }: {
    title: string; doIt: string; onSubmit: () => void; onClose: () => void; pending: boolean; error: unknown; blocked?: string | null;
    danger?: boolean; wide?: boolean; children: ReactNode;
}) {
    const { t } = useI18n();
    return (
        <Sheet open onClose={onClose} title={title} {...(wide ? { wide } : {})}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); if (!blocked) onSubmit(); }}>
                <Problem error={error} />
                {children}
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.back')}</Button>
                    <Button look={danger ? 'danger' : 'main'} type="submit" isPending={pending} blocked={blocked ?? null}>{doIt}</Button>
                </div>
            </form>
        </Sheet>
    );
}
