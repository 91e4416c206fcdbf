// SPDX-License-Identifier: Apache-2.0
//
// Somebody of the centre from a list, or somebody else by name, or nobody.
import type { Person } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';

export function WhoField({ label, people, who, name, onChange }: {
    label: string; people: Pick<Person, 'id' | 'name'>[]; who: string; name: string; onChange: (who: string, name: string) => void;
}) {
    const { t } = useI18n();
    return (
        <>
            <SelectField label={label} value={who} onChange={(v) => { onChange(v, v === 'other' ? name : ''); }}>
                <option value="">{t('events.item_nobody')}</option>
                <option value="other">{t('events.item_other')}</option>
                {people.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}
            </SelectField>
            {who === 'other' && <TextField label={t('events.name')} value={name} onChange={(v) => { onChange(who, v); }} maxBytes={160} />}
        </>
    );
}
