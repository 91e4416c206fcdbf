// SPDX-License-Identifier: Apache-2.0
import type { Mark, TermKind } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';

/** Marks, means and terms in words. */
export function useMarkWords() {
    const { t, fmt } = useI18n();
    return {
        mark: (m: Mark): string => (m === null ? t('sheet.none') : t(`mark.${m}`)),
        mean: (hundredths: number | null): string => (hundredths === null ? t('sheet.none') : fmt.number(hundredths / 100)),
        term: (it: { kind: TermKind; from: string; to: string }): string => t('sheet.term', { kind: it.kind, from: fmt.dayYear(it.from), to: fmt.dayYear(it.to) }),
    };
}
