// SPDX-License-Identifier: Apache-2.0
import type { TeachVerdict } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Note } from '../../ui/Note.tsx';
import { Checklist } from './Checklist.tsx';
import { useHiringWords } from './useHiringWords.ts';

/** The answer in one sentence; what stands in the way first, then what holds. */
export function Verdict({ verdict: v, tz }: { verdict: TeachVerdict; tz: string }) {
    const { t } = useI18n();
    const { dayOf } = useHiringWords();
    const failed = v.gates.filter((g) => g.cause !== 'holds');
    const holds = v.gates.filter((g) => g.cause === 'holds');
    return (
        <>
            <Note tone={v.may ? 'ok' : 'warn'} role="status">
                <p className="strong">{v.may ? v.until === null ? t('hiring.may') : t('hiring.may_until', { day: dayOf(v.until - 1, tz) }) : t('hiring.may_not', { n: failed.length })}</p>
            </Note>
            <div className="can-gates">
                {failed.length > 0 && <Checklist gates={failed} tz={tz} title={t('hiring.in_the_way')} />}
                {holds.length > 0 && <Checklist gates={holds} tz={tz} title={t('hiring.holds')} />}
            </div>
        </>
    );
}
