// SPDX-License-Identifier: Apache-2.0
//
// A form in a sheet: what the server said against it, the fields, Back and the one button that does it.
import { useEffect, useRef, type ReactNode } from 'react';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';

export function SheetForm({ doIt, onSubmit, onBack, pending, error, blocked, children }: {
    doIt: string; onSubmit: () => void; onBack: () => void; pending: boolean; error: unknown; blocked: string | null; children: ReactNode;
}) {
    const { t } = useI18n();
    const summary = useRef<HTMLDivElement>(null);
    useEffect(() => { if (error) summary.current?.focus(); }, [error]);
    return (
        <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); if (!blocked) onSubmit(); }}>
            {error !== null && <Note tone="bad" role="alert" focusRef={summary}><p>{errorSentence(t, error)}</p></Note>}
            {children}
            <div className="sheet-actions">
                <Button onPress={onBack}>{t('common.back')}</Button>
                <Button look="main" type="submit" isPending={pending} blocked={blocked}>{doIt}</Button>
            </div>
        </form>
    );
}
