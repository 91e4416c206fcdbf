// SPDX-License-Identifier: Apache-2.0
//
// A span of days without lessons. What it meets is shown while it is being chosen.
import { useState } from 'react';
import { Plus } from 'lucide-react';
import { daysOf } from '../../core/spans.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Effect } from './Effect.tsx';

const LONGEST = 200; // what a calendar holds

export function AddHoliday({ school, known, onAdd }: { school: number; known: string[]; onAdd: (days: string[]) => void }) {
    const { t } = useI18n();
    const [from, setFrom] = useState('');
    const [to, setTo] = useState('');
    const span = { from, to: to || from };
    const days = daysOf(span);
    const why = !from ? t('calendars.need_from') : days.length === 0 ? t('calendars.need_order')
        : new Set([...known, ...days]).size > LONGEST ? t('calendars.too_many') : days.every((d) => known.includes(d)) ? t('calendars.known') : null;
    return (
        <div className="form" role="group" aria-label={t('calendars.add')}>
            <div className="form-row">
                <TextField label={t('calendars.from')} type="date" value={from} onChange={setFrom} />
                <TextField label={t('calendars.to')} type="date" value={to} onChange={setTo} />
            </div>
            {why === null && <Effect school={school} span={span} />}
            <div className="calendar-add"><Button icon={Plus} blocked={why} onPress={() => { onAdd(days); setFrom(''); setTo(''); }}>{t('calendars.add')}</Button></div>
        </div>
    );
}
