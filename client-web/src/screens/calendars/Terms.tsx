// SPDX-License-Identifier: Apache-2.0
//
// Years, halves and quarters of a school: mark sheets and the year's hours go by them.
import { useState } from 'react';
import { Plus, Trash2 } from 'lucide-react';
import type { SchoolTerm } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { IconButton } from '../../ui/IconButton.tsx';

const KINDS: SchoolTerm['kind'][] = ['year', 'half', 'quarter'];

export function Terms({ terms, onChange }: { terms: SchoolTerm[]; onChange: ((terms: SchoolTerm[]) => void) | null }) {
    const { t, fmt } = useI18n();
    const words = (x: SchoolTerm) => t('calendars.term', { kind: t(`calendars.kind.${x.kind}`), from: fmt.dayYear(x.from), to: fmt.dayYear(x.to) });
    return (
        <section className="card calendar-part" aria-labelledby="calendar-terms">
            <h2 id="calendar-terms">{t('calendars.terms')}</h2>
            {terms.length === 0 && <p className="quiet">{t('calendars.no_terms')}</p>}
            <ul className="calendar-list">
                {terms.map((x) => (
                    <li key={`${x.kind} ${x.from}`}>
                        <span>{words(x)}</span>
                        {onChange && <IconButton framed icon={Trash2} name={t('calendars.remove', { span: words(x) })} onPress={() => { onChange(terms.filter((y) => y !== x)); }} />}
                    </li>
                ))}
            </ul>
            {onChange && <AddTerm onAdd={(x) => { onChange([...terms, x].sort((a, b) => a.from.localeCompare(b.from))); }} />}
        </section>
    );
}

function AddTerm({ onAdd }: { onAdd: (term: SchoolTerm) => void }) {
    const { t } = useI18n();
    const [kind, setKind] = useState<SchoolTerm['kind']>('quarter');
    const [from, setFrom] = useState('');
    const [to, setTo] = useState('');
    const why = !from || !to ? t('calendars.need_both') : from > to ? t('calendars.need_order') : null;
    return (
        <div className="form" role="group" aria-label={t('calendars.add_term')}>
            <div className="form-row">
                <SelectField label={t('calendars.kind')} value={kind} onChange={(v) => { setKind(v as SchoolTerm['kind']); }}>
                    {KINDS.map((k) => <option key={k} value={k}>{t(`calendars.kind.${k}`)}</option>)}
                </SelectField>
                <TextField label={t('calendars.from')} type="date" value={from} onChange={setFrom} />
                <TextField label={t('calendars.term_to')} type="date" value={to} onChange={setTo} />
            </div>
            <div className="calendar-add"><Button icon={Plus} blocked={why} onPress={() => { onAdd({ kind, from, to }); setFrom(''); setTo(''); }}>{t('calendars.add_term')}</Button></div>
        </div>
    );
}
