// SPDX-License-Identifier: Apache-2.0
//
// The words of a path test, the same for the person who tested and for the coordinator.
import type { PathTest, PathVerdict } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';

export type Reader = 'child' | 'adult' | 'office';

export function usePathWords() {
    const { t } = useI18n();
    const rate = (kbps: number): string => (kbps > 100_000 ? t('path.mbps_many') : kbps >= 1000 ? t('path.mbps', { n: Math.round(kbps / 100) / 10 }) : t('path.kbps', { n: kbps }));
    return {
        verdict: (verdict: PathVerdict, who: Reader) => t(`path.${verdict}`, { who }),
        /** why, and the next step; a child is told the verdict only */
        cause: (test: PathTest, who: Reader) => {
            if (test.cause === 'none') return '';
            if (test.cause === 'rate_up') return t('path_cause.rate_up', { who, rate: rate(test.up_kbps ?? 0) });
            if (test.cause === 'rate_down') return t('path_cause.rate_down', { who, rate: rate(test.down_kbps ?? 0) });
            if (test.cause === 'loss') return t('path_cause.loss', { who, n: (test.loss_permille ?? 0) / 10 });
            if (test.cause === 'delay') return t('path_cause.delay', { who, n: test.rtt_ms ?? 0 });
            if (test.cause === 'microphone') return t('path_cause.microphone', { who, state: test.microphone });
            return t(`path_cause.${test.cause}`, { who });
        },
        figures: (test: PathTest) => t('path.figures', {
            udp: test.udp ? 'yes' : 'no', ms: test.rtt_ms ?? 0, loss: test.loss_permille === null ? 'no' : 'yes', n: (test.loss_permille ?? 0) / 10,
            up: rate(test.up_kbps ?? 0), down: rate(test.down_kbps ?? 0),
        }),
    };
}
