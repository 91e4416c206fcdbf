// SPDX-License-Identifier: Apache-2.0
//
// The number of one month. A number below what was referred says both numbers.
import { useState } from 'react';
import { api, Refused } from '../../core/api.ts';
import type { NeedReturn } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { fieldFault } from '../../i18n/faults.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Trouble } from './Trouble.tsx';

export function NeedSheet({ it, onClose, onDone }: { it: NeedReturn; onClose: () => void; onDone: () => void }) {
    const { t, fmt } = useI18n();
    const [count, setCount] = useState(it.declared === null ? '' : String(it.declared));
    const whole = /^\d{1,5}$/.test(count.trim());
    const send = useAction((key) => (it.id !== null && it.version !== null ? api.editNeedReturn(it.id, it.version, { count: Number(count) })
        : api.createNeedReturn({ period: it.period, count: Number(count) }, key)), onDone);
    const below = send.error instanceof Refused && send.error.error.gate === 'below_referrals';
    const problem = below ? t('intake.need.below', { count, n: it.received }) : fieldFault(t, send.error)?.sentence;
    const month = fmt.month(it.period);
    return (
        <Sheet open onClose={onClose} title={t(it.declared === null ? 'intake.need.declare' : 'intake.need.correct', { month })}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); if (whole) send.run(); }}>
                {!below && <Trouble error={send.error} onReload={onDone} />}
                <TextField label={t('intake.field.count')} type="number" inputMode="numeric" value={count} autoFocus problem={problem}
                    onChange={(v) => { setCount(v); send.clear(); }} hint={t('intake.need.hint', { n: it.received })} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" type="submit" isPending={send.pending} blocked={whole ? null : t('intake.need.whole')}>{t('intake.need.send')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
