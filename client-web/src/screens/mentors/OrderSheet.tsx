// SPDX-License-Identifier: Apache-2.0
//
// The principal's order of hiring part-time, filled in by the school (item 29). What R15 allows, the server
// knows.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Application, HiringFile } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { wall } from '../../core/wall.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';
import { SheetForm } from './SheetForm.tsx';

const number = (text: string): number => Number(text.replace(',', '.'));

export function OrderSheet({ application: a, tz, onClose, onFile }: { application: Application; tz: string; onClose: () => void; onFile: (file: HiringFile) => void }) {
    const { t } = useI18n();
    const today = wall(now(), tz).date;
    const [no, setNo] = useState('');
    const [date, setDate] = useState(today);
    const [rate, setRate] = useState('50');
    const [hours, setHours] = useState('');
    const [from, setFrom] = useState(today);
    const [to, setTo] = useState('');
    const issue = useAction((key) => api.issueOrder(a.id, a.rev, {
        number: no.trim(), date, rate_percent: number(rate), week_minutes: Math.round(number(hours) * 60), from, ...(to ? { to } : {}),
    }, key), onFile);
    const missing = !no.trim() || !date || !(number(rate) > 0) || !(number(hours) > 0) || !from ? t('hiring.need_all') : null;
    return (
        <SheetForm wide title={t('hiring.order_title', { school: a.school.name })} doIt={t('hiring.do_order')} onSubmit={() => { issue.run(); }} onClose={onClose}
            pending={issue.pending} error={issue.error} blocked={missing}>
            <div className="form-row">
                <TextField label={t('hiring.number')} value={no} onChange={setNo} maxLength={20} maxBytes={40} hint={t('hiring.number_hint')} autoFocus />
                <TextField label={t('hiring.order_date')} type="date" value={date} onChange={setDate} />
            </div>
            <div className="form-row">
                <TextField label={t('hiring.rate_percent')} inputMode="numeric" value={rate} onChange={(v) => { setRate(v.replace(/\D/g, '').slice(0, 3)); }} />
                <TextField label={t('hiring.week_hours')} value={hours} onChange={(v) => { setHours(v.replace(/[^\d.,]/g, '').slice(0, 5)); }} />
            </div>
            <div className="form-row">
                <TextField label={t('hiring.from')} type="date" value={from} onChange={setFrom} />
                <TextField label={t('hiring.to')} type="date" value={to} onChange={setTo} hint={t('hiring.to_hint')} />
            </div>
            <p className="quiet small">{t('hiring.order_hint')}</p>
        </SheetForm>
    );
}
