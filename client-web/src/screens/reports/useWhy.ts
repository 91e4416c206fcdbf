// SPDX-License-Identifier: Apache-2.0
import type { ReportLine } from '../../core/api.gen.ts';
import { wholeMinutes } from '../../core/wall.ts';
import { useI18n } from '../../i18n/index.tsx';

const LATE_MS = 5 * 60_000;

/** Why a line is not simply "present": the facts, separated by commas. */
export function useWhy(): (line: ReportLine) => string {
    const { t } = useI18n();
    return (l) => {
        if (l.status === 'cancelled') return t('why.cancelled', { side: l.side ?? 'centre' });
        if (l.status === 'moved') return t('why.moved');
        if (l.status === 'ahead') return t('why.ahead');
        const facts: string[] = [];
        if (l.reason) facts.push(l.document ? t('why.document', { reason: l.reason, document: l.document }) : l.reason);
        if (l.outcome && l.outcome !== 'held' && l.outcome !== 'partial' && !l.reason) facts.push(t(`outcome.${l.outcome}`));
        if (l.contact_ms > 0 && l.late_ms >= LATE_MS) facts.push(t('why.late', { n: wholeMinutes(l.late_ms) }));
        if (l.contact_ms > 0 && l.early_ms >= LATE_MS) facts.push(t('why.early', { n: wholeMinutes(l.early_ms) }));
        if (l.contact_ms > 0 && l.mentor_late_ms >= LATE_MS) facts.push(t('why.mentor_late', { n: wholeMinutes(l.mentor_late_ms) }));
        if (l.gaps > 0) facts.push(t('why.gaps', { n: l.gaps }));
        if (l.make_up_of !== null) facts.push(t('why.make_up_of'));
        if (l.make_up_by !== null) facts.push(t('why.make_up_by'));
        if (l.uncertain_ms > 0) facts.push(t('why.uncertain', { n: Math.ceil(l.uncertain_ms / 1000) }));
        return facts.join(', ');
    };
}
