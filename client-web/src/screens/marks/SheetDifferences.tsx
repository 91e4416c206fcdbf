// SPDX-License-Identifier: Apache-2.0
//
// What a correction of a mark sheet changes against the version before.
import type { Mark, MarkSheet, SheetDifference } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { useMarkWords } from './useMarkWords.ts';

export function SheetDifferences({ sheet: s }: { sheet: MarkSheet }) {
    const { t } = useI18n();
    const words = useMarkWords();
    const value = (d: SheetDifference, text: string | null) => {
        if (text === null) return t('diff.nothing');
        return d.field === 'mark' ? words.mark(text as Mark) : d.field === 'mean_hundredths' ? words.mean(Number(text)) : text;
    };
    return (
        <section className="card side-card" aria-labelledby="sheet-differences">
            <h2 id="sheet-differences">{t('sheet.changed', { n: s.version - 1 })}</h2>
            <dl className="differences">
                {[...new Set(s.differences.map((d) => d.subject))].map((subject) => (
                    <div key={subject}>
                        <dt>{t(`subject.${subject}`)}</dt>
                        {s.differences.filter((d) => d.subject === subject).map((d) => (
                            <dd key={d.field}>{t('diff.from_to', { field: t(`sheet.field.${d.field}`), before: value(d, d.before), after: value(d, d.after) })}</dd>
                        ))}
                    </div>
                ))}
            </dl>
        </section>
    );
}
