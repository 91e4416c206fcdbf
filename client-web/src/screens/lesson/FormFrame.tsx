// SPDX-License-Identifier: Apache-2.0
//
// A form about a lesson: fields, what the server said against it, Back and the one button that does it.
import { useEffect, useRef, type ReactNode } from 'react';
import { Refused } from '../../core/api.ts';
import type { Slot } from '../../core/api.gen.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { Conflicts } from './Conflicts.tsx';

export function FormFrame({ doIt, onSubmit, onBack, pending, error, onSlot, onPick, tz, blocked, danger, children }: {
    doIt: string; onSubmit: () => void; onBack: () => void; pending: boolean; error: unknown;
    onSlot?: (slot: Slot) => void; onPick?: (pick: 'earlier' | 'later') => void; tz: string; blocked?: string | null; danger?: boolean; children: ReactNode;
}) {
    const { t } = useI18n();
    const summary = useRef<HTMLDivElement>(null);
    useEffect(() => { if (error) summary.current?.focus(); }, [error]);
    const conflict = error instanceof Refused && error.error.code === 'conflict' ? error.error : null;
    return (
        <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); if (!blocked) onSubmit(); }}>
            {conflict && <div ref={summary} tabIndex={-1} role="alert"><Conflicts error={conflict} tz={tz} onSlot={onSlot} onPick={onPick} /></div>}
            {error !== null && !conflict && <Note tone="bad" role="alert" focusRef={summary}><p>{errorSentence(t, error)}</p></Note>}
            {children}
            <div className="sheet-actions">
                <Button onPress={onBack}>{t('common.back')}</Button>
                <Button look={danger ? 'danger' : 'main'} type="submit" isPending={pending} blocked={blocked ?? null}>{doIt}</Button>
            </div>
        </form>
    );
}
