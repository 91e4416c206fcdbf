// SPDX-License-Identifier: Apache-2.0
//
// The centre's figures: which months, by what, a row for each; below, every figure with its definition.
// Each number opens the rows that it is made of; each name narrows the page to it.
import { ChartColumn, FileSpreadsheet } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { FiguresBy } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { askQuery, isNarrow, monthsBack, type FiguresAsk } from '../../core/figures.ts';
import { wall } from '../../core/wall.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { FiguresList } from './FiguresList.tsx';
import { FiguresTable } from './FiguresTable.tsx';
import './figures.css';

const MONTHS_SHOWN = 24;
const MONTHS_MAX = 12;
const AXES: Record<string, FiguresBy[]> = {
    coordinator: ['school', 'mentor', 'subject', 'month', 'centre'], school_officer: ['mentor', 'subject', 'month'], mentor: ['month', 'school', 'subject'],
};

export default function FiguresPage({ ask }: { ask: FiguresAsk }) {
    const { t } = useI18n();
    const me = useMe();
    const running = wall(now(), me.tz).date.slice(0, 7);
    const axes = AXES[me.role] ?? ['month'];
    const full: FiguresAsk & { from: string; to: string; by: FiguresBy } = { ...ask, from: ask.from ?? running, to: ask.to ?? ask.from ?? running, by: ask.by ?? axes[0] ?? 'month' };
    const { data, error, reload } = useLoad(`figures ${askQuery(full)}`, (signal) => api.figures(full, signal));
    return (
        <OfficePage title={t('figures.title')} sub={t('figures.lead')} actions={(
            <LinkButton icon={FileSpreadsheet} href={api.figuresFile(full)} download="figures.csv">{t('figures.csv')}</LinkButton>
        )}>
            <Choose full={full} axes={axes} running={running} />
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data && data.groups.length === 0 && <div className="card"><Empty icon={ChartColumn} sentence={t('figures.empty')} /></div>}
            {data && data.groups.length > 0 && (
                <>
                    <FiguresTable table={data} ask={full} />
                    <FiguresList table={data} ask={full} />
                </>
            )}
        </OfficePage>
    );
}

function Choose({ full, axes, running }: { full: FiguresAsk & { from: string; to: string; by: FiguresBy }; axes: FiguresBy[]; running: string }) {
    const { t, fmt } = useI18n();
    const { go } = useRouter();
    const link = useLink();
    const months = monthsBack(running, MONTHS_SHOWN);
    const known = (list: string[], m: string) => (list.includes(m) ? list : [...list, m]);
    const ends = known(months.filter((m) => m >= full.from && monthsBack(m, MONTHS_MAX).includes(full.from)), full.to);
    const to = (next: FiguresAsk) => { go({ at: 'figures', ask: { ...full, ...next } }); };
    const begin = (from: string) => { to({ from, to: full.to >= from && monthsBack(full.to, MONTHS_MAX).includes(from) ? full.to : from }); };
    return (
        <div className="figures-choose">
            <SelectField label={t('figures.from')} value={full.from} onChange={begin}>
                {known(months, full.from).map((m) => <option key={m} value={m}>{fmt.month(m)}</option>)}
            </SelectField>
            <SelectField label={t('figures.to')} value={full.to} onChange={(m) => { to({ to: m }); }}>
                {ends.map((m) => <option key={m} value={m}>{fmt.month(m)}</option>)}
            </SelectField>
            <SelectField label={t('figures.by')} value={full.by} onChange={(by) => { to({ by: by as FiguresBy }); }}>
                {axes.map((by) => <option key={by} value={by}>{t(`figures.by.${by}`)}</option>)}
            </SelectField>
            {isNarrow(full) && <LinkButton look="link" {...link({ at: 'figures', ask: { from: full.from, to: full.to, by: full.by } })}>{t('figures.all')}</LinkButton>}
        </div>
    );
}
