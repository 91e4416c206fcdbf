// SPDX-License-Identifier: Apache-2.0
//
// The items of an agenda in their order.
import { ArrowUp, Plus, Trash2 } from 'lucide-react';
import type { EventPerson } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { emptyItem, type ItemRow } from './form.ts';
import { WhoField } from './WhoField.tsx';

const MOST = 40;

export function AgendaFields({ rows, people, wrong, onChange }: { rows: ItemRow[]; people: EventPerson[]; wrong: string[]; onChange: (rows: ItemRow[]) => void }) {
    const { t } = useI18n();
    const set = (n: number, more: Partial<ItemRow>) => { onChange(rows.map((r, i) => (i === n ? { ...r, ...more } : r))); };
    const up = (n: number) => { onChange(rows.map((r, i) => (i === n - 1 ? rows[n] ?? r : i === n ? rows[n - 1] ?? r : r))); };
    return (
        <>
            {rows.map((r, n) => (
                <fieldset className="event-item" key={n}>
                    <legend className="strong">{t('events.item', { n: n + 1 })}</legend>
                    <div className="form-row">
                        <TextField label={t('events.item_title')} value={r.title} onChange={(v) => { set(n, { title: v }); }} maxBytes={240} problem={wrong.includes(`item ${n}`) ? t('events.form_need') : null} />
                        <TextField label={t('events.item_time')} type="number" value={r.minutes} onChange={(v) => { set(n, { minutes: v }); }} />
                        <WhoField label={t('events.item_speaker')} people={people} who={r.who} name={r.name} onChange={(who, name) => { set(n, { who, name }); }} />
                    </div>
                    <div className="event-doings">
                        {n > 0 && <IconButton framed icon={ArrowUp} name={t('events.item_up', { n: n + 1 })} onPress={() => { up(n); }} />}
                        <IconButton framed icon={Trash2} name={t('events.item_remove', { n: n + 1 })} onPress={() => { onChange(rows.filter((_, i) => i !== n)); }} />
                    </div>
                </fieldset>
            ))}
            {rows.length < MOST && <div><Button icon={Plus} onPress={() => { onChange([...rows, emptyItem()]); }}>{t('events.item_add')}</Button></div>}
        </>
    );
}
