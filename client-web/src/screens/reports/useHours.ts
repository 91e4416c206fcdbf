// SPDX-License-Identifier: Apache-2.0
import { wholeMinutes } from '../../core/wall.ts';
import { useI18n } from '../../i18n/index.tsx';

/** A duration as "9 h 24 min". */
export function useHours(): (ms: number) => string {
    const { t } = useI18n();
    return (ms) => {
        const minutes = wholeMinutes(ms);
        if (minutes >= 60 && minutes % 60 === 0) return t('common.hours', { h: minutes / 60 });
        return minutes < 60 ? t('common.minutes_short', { n: minutes }) : t('common.hours_minutes', { h: Math.floor(minutes / 60), m: minutes % 60 });
    };
}
