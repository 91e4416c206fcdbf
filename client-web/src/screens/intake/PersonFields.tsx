// SPDX-License-Identifier: Apache-2.0
import type { PersonForm } from '../../core/referral-form.ts';
import { useI18n } from '../../i18n/index.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';

const GRADES = Array.from({ length: 11 }, (_, i) => String(i + 1));

/** Who the child and the parent are, and the parents' two papers. */
export function PersonFields({ value, problem, onChange }: { value: PersonForm; problem: (field: string) => string | null; onChange: (value: PersonForm) => void }) {
    const { t } = useI18n();
    const at = (field: keyof PersonForm) => ({
        label: t(`intake.item.${field}`), value: value[field], problem: problem(field), onChange: (v: string) => { onChange({ ...value, [field]: v }); },
    });
    return (
        <>
            <div className="form-row">
                <TextField {...at('child_name')} maxLength={80} maxBytes={160} autoComplete="off" />
                <TextField {...at('birth_date')} type="date" />
                <SelectField {...at('grade')}>
                    <option value="">{t('intake.ref.grade_none')}</option>
                    {GRADES.map((g) => <option key={g} value={g}>{t('intake.ref.grade_n', { n: g })}</option>)}
                </SelectField>
            </div>
            <div className="form-row">
                <TextField {...at('guardian_name')} maxLength={80} maxBytes={160} autoComplete="off" />
                <TextField {...at('guardian_phone')} maxLength={40} maxBytes={80} autoComplete="off" />
            </div>
            <div className="form-row">
                <TextField {...at('application')} type="date" hint={t('intake.ref.application_hint')} />
                <TextField {...at('consent')} type="date" hint={t('intake.ref.application_hint')} />
            </div>
        </>
    );
}
