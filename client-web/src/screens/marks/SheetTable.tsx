// SPDX-License-Identifier: Apache-2.0
import type { SheetItem } from '../../core/api.gen.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import { useMarkWords } from './useMarkWords.ts';
import '../../ui/table.css';
import './marks.css';

const TONES: Record<SheetItem['state'], Tone> = { not_due: 'plain', due: 'warn', draft: 'warn', submitted: 'info', returned: 'warn', accepted: 'ok', duplicated: 'ok', acknowledged: 'ok' };

/** A table per term. */
export function SheetTable({ items }: { items: SheetItem[] }) {
    const words = useMarkWords();
    const terms = new Map<string, SheetItem[]>();
    for (const it of items) {
        const key = words.term(it);
        terms.set(key, [...(terms.get(key) ?? []), it]);
    }
    return <>{[...terms].map(([term, of]) => <Term key={term} term={term} items={of} />)}</>;
}

function Term({ term, items }: { term: string; items: SheetItem[] }) {
    const { t } = useI18n();
    return (
        <section className="card table-wrap" aria-label={term}>
            <h2 className="marks-term">{term}</h2>
            <table className="table cards report-table">
                <thead>
                    <tr><th>{t('sheets.child')}</th><th>{t('sheets.mentor')}</th><th>{t('sheets.school')}</th><th className="num">{t('sheets.set')}</th><th>{t('sheets.state')}</th></tr>
                </thead>
                <tbody>{items.map((it) => <Row key={it.id} it={it} />)}</tbody>
            </table>
        </section>
    );
}

function Row({ it }: { it: SheetItem }) {
    const { t, fmt } = useI18n();
    const link = useLink();
    const day = fmt.dayMonth(it.due, it.tz);
    const state = t(it.overdue ? 'sheets.state.overdue' : `sheets.state.${it.state}`, { day });
    return (
        <tr>
            <th scope="row"><a className="row-link" {...link({ at: 'sheet', id: it.id })} aria-label={t('sheets.open', { child: it.child.name, mentor: it.mentor.name })}>{it.child.name}</a><span className="row-sub">{t('common.grade', { n: it.grade })}</span></th>
            <td data-label={t('sheets.mentor')}>{it.mentor.name}</td>
            <td data-label={t('sheets.school')}>{it.school.name}</td>
            <td className="num" data-label={t('sheets.set')}>{t('sheets.set_of', { set: it.set, n: it.subjects })}</td>
            <td><Chip tone={it.overdue ? 'bad' : TONES[it.state]}>{state}</Chip></td>
        </tr>
    );
}
