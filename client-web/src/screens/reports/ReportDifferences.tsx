// SPDX-License-Identifier: Apache-2.0
//
// What a correction changes against the version before.
import type { Report, ReportDifference } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';

const NAMED = ['code', 'reason', 'document', 'topic', 'homework', 'mark', 'outcome', 'line'] as const;
/** Fields whose value is a word or a letter that can stand as it is. */
const PLAIN: readonly string[] = ['code', 'reason', 'document', 'topic', 'homework'];

export function ReportDifferences({ report: r }: { report: Report }) {
    const { t } = useI18n();
    const field = (d: ReportDifference) => {
        const named = NAMED.find((name) => name === d.field);
        if (named) return t(`diff.field.${named}`);
        return t(d.field.startsWith('totals.') ? 'diff.field.totals' : d.field.startsWith('texts.') ? 'diff.field.texts' : 'diff.field.other');
    };
    const words = (d: ReportDifference) => PLAIN.includes(d.field)
        ? t('diff.from_to', { field: field(d), before: d.before ?? t('diff.nothing'), after: d.after ?? t('diff.nothing') }) : field(d);
    const groups = new Map<number, string[]>();
    for (const d of r.differences) {
        const said = groups.get(d.no ?? 0) ?? [];
        const line = words(d);
        groups.set(d.no ?? 0, said.includes(line) ? said : [...said, line]);
    }
    return (
        <section className="card side-card" aria-labelledby="report-differences">
            <h2 id="report-differences">{t('diff.title', { n: r.version - 1 })}</h2>
            <dl className="differences">
                {[...groups].sort(([a], [b]) => a - b).map(([no, said]) => (
                    <div key={no}><dt>{no ? t('diff.line', { n: no }) : t('diff.head')}</dt>{said.map((s) => <dd key={s}>{s}</dd>)}</div>
                ))}
            </dl>
        </section>
    );
}
