// SPDX-License-Identifier: Apache-2.0
import type { Equipment } from '../../core/api.gen.ts';
import type { RecommendationForm } from '../../core/referral-form.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Checks } from '../../ui/Checks.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { TextField } from '../../ui/Field.tsx';

const NUMBERS = ['lesson_minutes', 'lessons_per_day', 'lessons_per_week', 'screen_minutes'] as const;
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const EQUIPMENT: Equipment[] = ['headset', 'large_screen', 'large_keyboard', 'switch', 'tablet', 'bed_mount', 'hearing_loop'];
type Texts = Exclude<keyof RecommendationForm, 'rest_days' | 'equipment' | 'camera_allowed'>;

/** The recommendation: limits that the timetable keeps, and the doctor's words that the centre alone reads. */
export function RecommendationFields({ value, problem, onChange }: {
    value: RecommendationForm; problem: (field: string) => string | null; onChange: (value: RecommendationForm) => void;
}) {
    const { t } = useI18n();
    const at = (field: Texts, path: string = field) => ({
        label: t(`intake.field.${field}`), value: value[field], problem: problem(`recommendation.${path}`), onChange: (v: string) => { onChange({ ...value, [field]: v }); },
    });
    const rest = value.rest_days.map((d) => String(d));
    return (
        <>
            <div className="form-row"><TextField {...at('issued')} type="date" /><TextField {...at('from')} type="date" /><TextField {...at('to')} type="date" /></div>
            <div className="form-row">
                <TextField {...at('doctor')} maxLength={200} maxBytes={400} autoComplete="off" />
                <TextField {...at('organisation')} maxLength={200} maxBytes={400} autoComplete="off" />
            </div>
            <TextField {...at('words')} rows={2} maxLength={2000} maxBytes={4000} />
            <p className="quiet small">{t('intake.ref.limits_hint')}</p>
            <div className="form-row">{NUMBERS.map((n) => <TextField key={n} {...at(n)} type="number" inputMode="numeric" />)}</div>
            <div className="form-row">
                <TextField {...at('hours_from', 'hours.from')} type="time" />
                <TextField {...at('hours_to', 'hours.to')} type="time" problem={problem('recommendation.hours.to') ?? problem('recommendation.hours')} />
            </div>
            <Checks label={t('intake.field.rest_days')} value={rest} problem={problem('recommendation.rest_days')}
                options={DAYS.map((d) => ({ value: String(d), label: t(`intake.weekday.${d}`) }))}
                onChange={(days) => { onChange({ ...value, rest_days: days.map(Number).sort((a, b) => a - b) }); }} />
            <Checks<Equipment> label={t('intake.field.equipment')} value={value.equipment} problem={problem('recommendation.equipment')}
                options={EQUIPMENT.map((e) => ({ value: e, label: t(`intake.equipment.${e}`) }))} onChange={(equipment) => { onChange({ ...value, equipment }); }} />
            <Choice label={t('intake.field.camera_allowed')} value={value.camera_allowed ? 'yes' : 'no'} onChange={(v) => { onChange({ ...value, camera_allowed: v === 'yes' }); }}
                options={[{ value: 'yes', label: t('intake.ref.camera_yes') }, { value: 'no', label: t('intake.ref.camera_no') }]} />
        </>
    );
}
