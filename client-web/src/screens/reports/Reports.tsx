// SPDX-License-Identifier: Apache-2.0
//
// Month reports that the reader may see: open one, or take it as CSV or PDF.
import { useState } from 'react';
import { ChevronLeft, ChevronRight, FileX2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ReportItem } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { addMonths, wall } from '../../core/wall.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { ArchiveCard } from '../figures/ArchiveCard.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Acknowledge } from './Acknowledge.tsx';
import { ReportTable } from './ReportTable.tsx';
import { Undelivered } from './Undelivered.tsx';
import './reports.css';

export default function Reports({ month }: { month: string | null }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const shown = month ?? wall(now(), me.tz).date.slice(0, 7);
    const first = useLoad(`reports ${shown}`, (signal) => api.reports(shown, undefined, signal));
    const [more, setMore] = useState<{ month: string; items: ReportItem[]; next: string | null } | null>(null);
    const rest = more?.month === shown ? more : null;
    const items = [...(first.data?.items ?? []), ...(rest?.items ?? [])];
    const next = rest ? rest.next : (first.data?.next ?? null);
    const load = async () => {
        const page = await api.reports(shown, next ?? undefined);
        setMore({ month: shown, items: [...(rest?.items ?? []), ...page.items], next: page.next });
    };
    const step = (n: number) => { go({ at: 'reports', month: addMonths(shown, n) }); };
    return (
        <OfficePage title={t('reports.title')} actions={(
            <>
                <IconButton framed icon={ChevronLeft} name={t('common.previous_month')} onPress={() => { step(-1); }} />
                <span className="strong reports-month">{fmt.month(shown)}</span>
                <IconButton framed icon={ChevronRight} name={t('common.next_month')} onPress={() => { step(1); }} />
            </>
        )}>
            {!first.data && (first.error ? <Failed sentence={errorSentence(t, first.error)} onRetry={first.reload} /> : <Loading rows={6} onRetry={first.reload} />)}
            {first.data && items.length === 0 && <div className="card"><Empty icon={FileX2} sentence={t('reports.empty')} /></div>}
            {me.role === 'coordinator' && <Undelivered />}
            {me.role === 'coordinator' && items.length > 0 && <ArchiveCard key={shown} month={shown} />}
            {me.role === 'school_officer' && items.length > 0 && <Acknowledge key={shown} items={items} onDone={() => { setMore(null); first.reload(); }} />}
            {items.length > 0 && <ReportTable items={items} />}
            {next && <div><Button onPress={() => void load()}>{t('reports.more')}</Button></div>}
        </OfficePage>
    );
}
