// SPDX-License-Identifier: Apache-2.0
//
// Who could give a lesson: those who may, to be chosen from; the others folded away, each with what stands in
// the way and who could mend it.
import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { SubstituteOffer } from '../../core/api.gen.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Note } from '../../ui/Note.tsx';
import '../../ui/table.css';
import './mentors.css';

export function Offers({ items, value, onChange }: { items: SubstituteOffer[]; value: string; onChange: (mentor: string) => void }) {
    const { t } = useI18n();
    const may = items.filter((o) => o.may);
    const others = items.filter((o) => !o.may);
    return (
        <div className="offers">
            {may.length === 0 && <Note tone="warn"><p>{t('hiring.nobody_may')}</p></Note>}
            {may.length > 0 && (
                <RadioGroup className="choice" value={value} onChange={onChange}>
                    <Label>{t('lesson.new_mentor')}</Label>
                    <div className="choice-row">{may.map((o) => <Radio key={o.mentor.id} value={String(o.mentor.id)} className="choice-item">{o.mentor.name}</Radio>)}</div>
                </RadioGroup>
            )}
            {others.length > 0 && (
                <details className="others" open={may.length === 0}>
                    <summary>{t('hiring.others', { n: others.length })}</summary>
                    <ul>{others.map((o) => <Why key={o.mentor.id} offer={o} />)}</ul>
                </details>
            )}
        </div>
    );
}

function Why({ offer: o }: { offer: SubstituteOffer }) {
    const { t } = useI18n();
    const link = useLink();
    const rule = { who: o.mentor.name, value: '', limit: '', number: '' };
    return (
        <li>
            <a className="row-link" {...link({ at: 'mentor', id: o.mentor.id })}>{o.mentor.name}</a>
            <ul>
                {o.gates.map((g) => <li key={g.gate} className="small">{t('hiring.gate_line', { gate: t(`hiring.gate.${g.gate}`), cause: t(`hiring.cause.${g.cause}`) })}</li>)}
                {o.rules.map((r) => <li key={r} className="small">{t(`conflict.${r}`, rule)}</li>)}
            </ul>
        </li>
    );
}
