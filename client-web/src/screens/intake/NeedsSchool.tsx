// SPDX-License-Identifier: Apache-2.0
//
// A school's numbers of the last months; what is open can be declared and corrected.
import { useState } from 'react';
import { ClipboardPen } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { NeedReturn } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { addMonths, wall } from '../../core/wall.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Difference } from './Difference.tsx';
import { NeedSheet } from './NeedSheet.tsx';
import '../../ui/table.css';

const MONTHS = 6;

export function NeedsSchool() {
    const { t, fmt } = useI18n();
    const me = useMe();
    const current = wall(now(), me.tz).date.slice(0, 7);
    const months = Array.from({ length: MONTHS }, (_, i) => addMonths(current, -i));
    const { data, error, reload } = useLoad(`needs of ${current}`, async (signal) =>
        (await Promise.all(months.map((m) => api.needReturns(m, undefined, signal)))).flatMap((p) => p.items));
    const [opened, setOpened] = useState<NeedReturn | null>(null);
    const due = data?.find((r) => r.open && r.declared === null);
    return (
        <OfficePage title={t('intake.need.title')} sub={t('intake.need.sub_school')} actions={due && (
            <Button look="main" icon={ClipboardPen} onPress={() => { setOpened(due); }}>{t('intake.need.declare', { month: fmt.month(due.period) })}</Button>
        )}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data && (
                <div className="card table-wrap">
                    <table className="table cards intake-table">
                        <thead><tr><th>{t('intake.need.month')}</th><th className="num">{t('intake.need.declared')}</th><th className="num">{t('intake.need.received')}</th><th>{t('intake.need.difference')}</th><th>{t('intake.need.state')}</th></tr></thead>
                        <tbody>{data.map((it) => <Row key={it.period} it={it} main={it === due} onOpen={setOpened} />)}</tbody>
                    </table>
                </div>
            )}
            {opened && <NeedSheet it={opened} onClose={() => { setOpened(null); }} onDone={() => { setOpened(null); reload(); }} />}
        </OfficePage>
    );
}

function Row({ it, main, onOpen }: { it: NeedReturn; main: boolean; onOpen: (it: NeedReturn) => void }) {
    const { t, fmt } = useI18n();
    const month = fmt.month(it.period);
    return (
        <tr>
            <th scope="row">{month}</th>
            <td className="num" data-label={t('intake.need.declared')}>{it.declared ?? t('intake.need.not_yet')}</td>
            <td className="num" data-label={t('intake.need.received')}>{it.received}</td>
            <td data-label={t('intake.need.difference')}><Difference it={it} /></td>
            <td data-label={t('intake.need.state')}>
                {main ? t('intake.need.open') : it.open ? <Button onPress={() => { onOpen(it); }}>{t(it.declared === null ? 'intake.need.declare' : 'intake.need.correct', { month })}</Button> : t('intake.need.closed')}
            </td>
        </tr>
    );
}
