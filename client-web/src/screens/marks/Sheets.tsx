// SPDX-License-Identifier: Apache-2.0
//
// Mark sheets of the year that the reader may see, the newest term first; for the centre also the
// copies that no school has opened.
import { useState } from 'react';
import { FileX2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { SheetPage } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { AcknowledgeSheets } from './AcknowledgeSheets.tsx';
import { SheetTable } from './SheetTable.tsx';
import '../reports/reports.css';

export default function Sheets() {
    const { t } = useI18n();
    const me = useMe();
    const first = useLoad('sheets', (signal) => api.sheets(undefined, signal));
    const [more, setMore] = useState<SheetPage | null>(null);
    const [error, setError] = useState<unknown>(null);
    const items = [...(first.data?.items ?? []), ...(more?.items ?? [])];
    const next = more ? more.next : (first.data?.next ?? null);
    const load = () => {
        api.sheets(next ?? undefined).then((page) => { setMore({ items: [...(more?.items ?? []), ...page.items], next: page.next }); setError(null); }, setError);
    };
    return (
        <OfficePage title={t('sheets.title')}>
            {!first.data && (first.error ? <Failed sentence={errorSentence(t, first.error)} onRetry={first.reload} /> : <Loading rows={6} onRetry={first.reload} />)}
            {first.data && items.length === 0 && <div className="card"><Empty icon={FileX2} sentence={t('sheets.empty')} /></div>}
            {me.role === 'coordinator' && <Unopened />}
            {me.role === 'school_officer' && items.length > 0 && <AcknowledgeSheets items={items} onDone={() => { setMore(null); first.reload(); }} />}
            {items.length > 0 && <SheetTable items={items} />}
            {error !== null && <Failed sentence={errorSentence(t, error)} onRetry={load} />}
            {next && <div><Button onPress={load}>{t('sheets.more')}</Button></div>}
        </OfficePage>
    );
}

/** Copies that no school has opened yet, with who has to act. */
function Unopened() {
    const { t, fmt } = useI18n();
    const me = useMe();
    const link = useLink();
    const { data } = useLoad('sheet deliveries', (signal) => api.sheetDeliveries(signal));
    if (!data || data.items.length === 0) return null;
    return (
        <section className="card side-card" aria-labelledby="undelivered">
            <h2 id="undelivered">{t('sheets.undelivered')}</h2>
            <p className="quiet small">{t('sheets.undelivered_lead')}</p>
            <ul className="undelivered">
                {data.items.map((d) => (
                    <li key={`${d.sheet.id}-${d.version}`}>
                        <a className="row-link" {...link({ at: 'sheet', id: d.sheet.id })}>{t('sheets.open', { child: d.sheet.child.name, mentor: d.sheet.mentor.name })}</a>
                        <span className="row-sub">{t(`sheets.why.${d.why}`, { school: d.sheet.school.name, day: fmt.dayMonth(d.sent ?? d.queued, me.tz) })}</span>
                    </li>
                ))}
            </ul>
        </section>
    );
}
