// SPDX-License-Identifier: Apache-2.0
//
// What a change met with, above its form; the focus goes there. A blamed field is named, and the same
// sentence stands at the field.
import { useEffect, useRef } from 'react';
import { Refused } from '../../core/api.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { fieldFault } from '../../i18n/faults.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { fieldLabel } from './fields.ts';

export function Trouble({ error, onReload }: { error: unknown; onReload?: () => void }) {
    const { t } = useI18n();
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => { if (error) box.current?.focus(); }, [error]);
    if (!error) return null;
    const fault = fieldFault(t, error);
    const label = fault && fieldLabel(fault.field);
    const stale = error instanceof Refused && (error.error.code === 'stale' || error.error.code === 'need_match');
    return (
        <Note tone="bad" role="alert" focusRef={box} {...(label ? { title: t(label) } : {})}>
            <p>{stale ? t('intake.error.stale') : fault && label ? fault.sentence : errorSentence(t, error)}</p>
            {stale && onReload && <div><Button onPress={onReload}>{t('intake.error.reload')}</Button></div>}
        </Note>
    );
}
