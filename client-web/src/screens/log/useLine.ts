// SPDX-License-Identifier: Apache-2.0
import type { LogLesson } from '../../core/api.gen.ts';
import type { LineKind } from '../../core/log-line.ts';
import { wholeMinutes } from '../../core/wall.ts';
import { useI18n } from '../../i18n/index.tsx';

/** The sentences about a lesson: how it went, what it was made up by, topic, homework, mark. */
export function useLine(tz: string): (lesson: LogLesson, kind: LineKind) => string[] {
    const { t, fmt } = useI18n();
    return (l, kind) => {
        const n = wholeMinutes(l.contact_ms);
        const how = kind === 'held_gap' ? t('log.line.held_gap', { n, gap: wholeMinutes(l.gaps_ms) })
            : kind === 'held_late' ? t('log.line.held_late', { n, late: wholeMinutes(l.late_ms) })
                : kind === 'rest' ? t('log.line.rest', { n, at: fmt.clock(l.rest_at ?? l.start, tz) })
                    : kind === 'held' || kind === 'partial' || kind === 'not_held' ? t(`log.line.${kind}`, { n }) : t(`log.line.${kind}`);
        return [
            how,
            ...(l.made_up_by ? [t('log.made_up', { when: `${fmt.onDay(l.made_up_by.start, tz)}, ${fmt.clock(l.made_up_by.start, tz)}` })] : []),
            ...(l.homework ? [t('log.homework', { text: l.homework })] : []),
            ...(l.mark ? [t('log.mark', { mark: t(`mark.${l.mark}`) })] : []),
        ];
    };
}
