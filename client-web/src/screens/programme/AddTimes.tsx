// SPDX-License-Identifier: Apache-2.0
//
// One time for one or several days of the week.
import { useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { Plus } from 'lucide-react';
import { WEEKDAYS, type Times, type Weekday } from '../../core/week-times.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { TextField } from '../../ui/Field.tsx';

type Kind = Times['kind'];

export function AddTimes({ mentor, clashes, onAdd }: { mentor: boolean; clashes: (more: Times[]) => boolean; onAdd: (more: Times[]) => void }) {
    const { t } = useI18n();
    const [days, setDays] = useState<Weekday[]>([]);
    const [kind, setKind] = useState<Kind>('free');
    const [from, setFrom] = useState('');
    const [to, setTo] = useState('');
    const [until, setUntil] = useState('');
    const more = days.map((weekday): Times => ({ weekday, from, to, kind, ...(until ? { until } : {}) }));
    const missing = days.length === 0 ? t('hours.need_days') : !from || !to || from >= to ? t('hours.need_times') : clashes(more) ? t('hours.overlap') : null;
    return (
        <section className="card programme-card form" aria-label={t('hours.add')}>
            <h2>{t('hours.add')}</h2>
            <div role="group" aria-label={t('hours.days')} className="hours-days">
                {WEEKDAYS.map((d) => (
                    <ToggleButton key={d} className="hours-toggle" isSelected={days.includes(d)}
                        onChange={(on) => { setDays(on ? [...days, d] : days.filter((x) => x !== d)); }}>{t(`hours.day.${d}`)}</ToggleButton>
                ))}
            </div>
            {!mentor && (
                <Choice<Kind> label={t('hours.kind')} value={kind} onChange={setKind}
                    options={(['free', 'treatment', 'rest'] as const).map((k) => ({ value: k, label: t(`hours.kind.${k}`) }))} />
            )}
            <div className="form-row">
                <TextField label={t('hours.from')} type="time" value={from} onChange={setFrom} />
                <TextField label={t('hours.to')} type="time" value={to} onChange={setTo} />
                <TextField label={t('hours.until')} type="date" value={until} onChange={setUntil} />
            </div>
            <div className="programme-moves"><Button icon={Plus} blocked={missing} onPress={() => { onAdd(more); setDays([]); }}>{t('hours.add_button')}</Button></div>
        </section>
    );
}
