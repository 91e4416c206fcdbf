// SPDX-License-Identifier: Apache-2.0
//
// One group of a section: its name, its places, its weekly times.
import { Plus, Trash2 } from 'lucide-react';
import { WEEKDAYS } from '../../core/week-times.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { IconButton } from '../../ui/IconButton.tsx';

export interface SlotDraft { id: number; weekday: string; time: string; minutes: string }
export interface GroupDraft { id: number; name: string; capacity: string; slots: SlotDraft[] }

const newSlot = (id: number): SlotDraft => ({ id, weekday: '1', time: '', minutes: '60' });
export const newGroup = (id: number): GroupDraft => ({ id, name: '', capacity: '10', slots: [newSlot(0)] });

export function GroupFields({ group: g, no, onChange, onRemove }: { group: GroupDraft; no: number; onChange: (g: GroupDraft) => void; onRemove: (() => void) | null }) {
    const { t } = useI18n();
    const change = (slot: SlotDraft, to: Partial<SlotDraft>) => { onChange({ ...g, slots: g.slots.map((s) => (s === slot ? { ...s, ...to } : s)) }); };
    return (
        <div className="form section-group" role="group" aria-label={t('sectionnew.group', { no })}>
            <div className="form-row">
                <TextField label={t('sectionnew.group_name', { no })} value={g.name} onChange={(name) => { onChange({ ...g, name }); }} maxLength={80} />
                <TextField label={t('sectionnew.capacity')} type="number" value={g.capacity} onChange={(capacity) => { onChange({ ...g, capacity }); }} />
                {onRemove && <IconButton framed icon={Trash2} name={t('sectionnew.group_remove', { no })} onPress={onRemove} />}
            </div>
            {g.slots.map((s) => (
                <div key={s.id} className="form-row">
                    <SelectField label={t('sectionnew.weekday')} value={s.weekday} onChange={(weekday) => { change(s, { weekday }); }}>
                        {WEEKDAYS.map((d) => <option key={d} value={d}>{t(`hours.day.${d}`)}</option>)}
                    </SelectField>
                    <TextField label={t('sectionnew.time')} type="time" value={s.time} onChange={(time) => { change(s, { time }); }} />
                    <TextField label={t('sectionnew.minutes')} type="number" value={s.minutes} onChange={(minutes) => { change(s, { minutes }); }} />
                    {g.slots.length > 1 && <IconButton framed icon={Trash2} name={t('sectionnew.slot_remove')} onPress={() => { onChange({ ...g, slots: g.slots.filter((x) => x !== s) }); }} />}
                </div>
            ))}
            <div><Button icon={Plus} onPress={() => { onChange({ ...g, slots: [...g.slots, newSlot(Math.max(...g.slots.map((s) => s.id)) + 1)] }); }}>{t('sectionnew.slot_new')}</Button></div>
        </div>
    );
}
