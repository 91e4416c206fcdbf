// SPDX-License-Identifier: Apache-2.0
//
// Mentor, child and family meet before the first lesson (item 30): as a short lesson of its own kind, or
// somewhere else, which the centre then writes down.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { ChildItem, SubjectCode } from '../../core/api.gen.ts';
import { wall, wholeMinutes } from '../../core/wall.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { FormFrame } from '../lesson/FormFrame.tsx';
import { TimeFields, timeComplete, type When } from '../lesson/TimeFields.tsx';
import { SheetForm } from './SheetForm.tsx';

interface Meeting { mentor: number; child: ChildItem; onClose: () => void; onDone: () => void }

export function PlanSheet({ mentor, child, subject, onClose, onDone }: Meeting & { subject: SubjectCode }) {
    const { t } = useI18n();
    const [when, setWhen] = useState<When>({ date: '', time: '', minutes: '20' });
    const plan = useAction((key, pick?: 'earlier' | 'later') => api.createLesson({
        kind: 'introduction', subject, mentor, children: [child.child.id], date: when.date, time: when.time, minutes: Number(when.minutes), ...(pick ? { pick } : {}),
    }, key), onDone);
    return (
        <Sheet open onClose={onClose} wide title={t('hiring.plan_meeting')}>
            <FormFrame doIt={t('hiring.do_plan')} onSubmit={() => { plan.run(); }} onBack={onClose} pending={plan.pending} error={plan.error} tz={child.tz}
                blocked={timeComplete(when) ? null : t('lesson.need_time')} onPick={(p) => { plan.run(p); }}
                onSlot={(slot) => { setWhen({ ...wall(slot.start, child.tz), minutes: String(wholeMinutes(slot.end - slot.start)) }); plan.clear(); }}>
                <p>{t('hiring.meeting_with', { child: child.child.name })}</p>
                <TimeFields when={when} onChange={setWhen} tz={child.tz} />
            </FormFrame>
        </Sheet>
    );
}

export function MetSheet({ mentor, child, onClose, onDone }: Meeting) {
    const { t } = useI18n();
    const [date, setDate] = useState('');
    const met = useAction((key) => api.addIntroduction(mentor, { child: child.child.id, date }, key), onDone);
    return (
        <SheetForm title={t('hiring.they_met')} doIt={t('common.save')} onSubmit={() => { met.run(); }} onClose={onClose} pending={met.pending} error={met.error}
            blocked={date ? null : t('hiring.need_day')}>
            <p>{t('hiring.met_with', { child: child.child.name })}</p>
            <TextField label={t('hiring.date')} type="date" value={date} onChange={setDate} />
        </SheetForm>
    );
}
