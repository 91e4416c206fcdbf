// SPDX-License-Identifier: Apache-2.0
import type { BasisForm } from '../../core/referral-form.ts';
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';

/** The medical conclusion: days are read by all who see the child, words by the centre alone. */
export function BasisFields({ value, problem, onChange }: { value: BasisForm; problem: (field: string) => string | null; onChange: (value: BasisForm) => void }) {
    const { t } = useI18n();
    const at = (field: keyof BasisForm) => ({
        label: t(`intake.field.${field}`), value: value[field], problem: problem(`basis.${field}`), onChange: (v: string) => { onChange({ ...value, [field]: v }); },
    });
    return (
        <>
            <div className="form-row"><TextField {...at('issued')} type="date" /><TextField {...at('from')} type="date" /><TextField {...at('to')} type="date" /></div>
            <div className="form-row">
                <TextField {...at('document')} maxLength={200} maxBytes={400} autoComplete="off" />
                <TextField {...at('issuer')} maxLength={200} maxBytes={400} autoComplete="off" />
            </div>
            <TextField {...at('ground')} rows={2} maxLength={2000} maxBytes={4000} />
        </>
    );
}
