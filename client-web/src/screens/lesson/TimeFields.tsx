// SPDX-License-Identifier: Apache-2.0
//
// Day, time and length of a lesson, in the child's time.
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';

export interface When { date: string; time: string; minutes: string }

export function TimeFields({ when, onChange, tz }: { when: When; onChange: (when: When) => void; tz: string }) {
    const { t, fmt } = useI18n();
    return (
        <div className="form-row">
            <TextField label={t('lesson.date')} type="date" value={when.date} onChange={(date) => { onChange({ ...when, date }); }} />
            <TextField label={t('lesson.time')} type="time" value={when.time} onChange={(time) => { onChange({ ...when, time }); }}
                hint={t('lesson.in_zone', { zone: fmt.zone(tz) })} />
            <TextField label={t('lesson.minutes')} inputMode="numeric" value={when.minutes}
                onChange={(minutes) => { onChange({ ...when, minutes: minutes.replace(/\D/g, '').slice(0, 3) }); }} hint={t('lesson.minutes_hint')} />
        </div>
    );
}

export const timeComplete = (when: When): boolean => Boolean(when.date && when.time && Number(when.minutes) > 0);
