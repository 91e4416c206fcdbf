// SPDX-License-Identifier: Apache-2.0
//
// A row per group with the figures that are asked for most; the total below.
import type { FigureName, Figures, FigureShares, FiguresTable as Table } from '../../core/api.gen.ts';
import { narrowed, type FiguresAsk } from '../../core/figures.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { useDefinition, useFigure, useGroupName } from './words.ts';
import '../../ui/table.css';

const SHOWN: readonly FigureName[] = ['planned', 'held', 'partial', 'not_held', 'no_show', 'cancelled', 'contact'];

export function FiguresTable({ table, ask }: { table: Table; ask: FiguresAsk }) {
    const { t } = useI18n();
    const link = useLink();
    const defined = useDefinition(table);
    const named = useGroupName();
    return (
        <div className="card table-wrap">
            <table className="table cards figures-table">
                <thead>
                    <tr>
                        <th>{t(`figures.by.${table.by}`)}</th>
                        {SHOWN.map((f) => <th key={f} className="num">{defined(f).name}</th>)}
                        <th className="num">{defined('held_share').name}</th>
                    </tr>
                </thead>
                <tbody>
                    {table.groups.map((g) => {
                        const of = narrowed(ask, table.by, g);
                        const name = named(table.by, g);
                        return (
                            <tr key={g.key}>
                                <th scope="row">{table.by === 'centre' ? name : <a className="row-link" {...link({ at: 'figures', ask: of })} aria-label={t('figures.only', { name })}>{name}</a>}</th>
                                <Numbers table={table} figures={g.figures} shares={g.shares} ask={of} of={name} />
                            </tr>
                        );
                    })}
                    <tr className="strong">
                        <th scope="row">{t('figures.total')}</th>
                        <Numbers table={table} figures={table.total.figures} shares={table.total.shares} ask={ask} of={t('figures.total')} />
                    </tr>
                </tbody>
            </table>
        </div>
    );
}

function Numbers({ table, figures, shares, ask, of }: { table: Table; figures: Figures; shares: FigureShares; ask: FiguresAsk; of: string }) {
    const { t } = useI18n();
    const link = useLink();
    const defined = useDefinition(table);
    const { count, share } = useFigure();
    return (
        <>
            {SHOWN.map((f) => {
                const n = count(f, figures[f]);
                const name = defined(f).name;
                return (
                    <td key={f} className="num" data-label={name}>
                        {figures[f] > 0 ? <a className="row-link" {...link({ at: 'figure_rows', figure: f, ask })} aria-label={t('figures.open', { figure: name, of, n })}>{n}</a> : n}
                    </td>
                );
            })}
            <td className="num" data-label={defined('held_share').name}>{share(shares.held_share)}</td>
        </>
    );
}
