// SPDX-License-Identifier: Apache-2.0
//
// Every figure of the whole question, its definition beside it. The sentences are the server's: the
// same stand in the CSV.
import type { FigureDefinition, FigureName, FigureShares, FiguresTable } from '../../core/api.gen.ts';
import type { FiguresAsk } from '../../core/figures.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { useFigure, useText } from './words.ts';
import '../../ui/table.css';

export function FiguresList({ table, ask }: { table: FiguresTable; ask: FiguresAsk }) {
    const { t } = useI18n();
    return (
        <section className="card table-wrap" aria-labelledby="figures-all">
            <h2 id="figures-all" className="figures-head">{t('figures.every')}</h2>
            <table className="table cards figures-list">
                <thead><tr><th>{t('figures.figure')}</th><th className="num">{t('figures.number')}</th><th>{t('figures.about')}</th></tr></thead>
                <tbody>{table.definitions.map((d) => <Line key={d.figure} it={d} table={table} ask={ask} />)}</tbody>
            </table>
        </section>
    );
}

function Line({ it, table, ask }: { it: FigureDefinition; table: FiguresTable; ask: FiguresAsk }) {
    const { t } = useI18n();
    const text = useText();
    const link = useLink();
    const { count, share } = useFigure();
    const name = text(it.name);
    const figure = it.unit === 'percent_tenths' ? null : it.figure as FigureName;
    const n = figure ? count(figure, table.total.figures[figure]) : share(table.total.shares[it.figure as keyof FigureShares]);
    return (
        <tr>
            <th scope="row">{name}</th>
            <td className="num" data-label={t('figures.number')}>
                {figure && table.total.figures[figure] > 0
                    ? <a className="row-link" {...link({ at: 'figure_rows', figure, ask })} aria-label={t('figures.open', { figure: name, of: t('figures.total'), n })}>{n}</a> : n}
            </td>
            <td className="figures-about">{text(it.about)}</td>
        </tr>
    );
}
