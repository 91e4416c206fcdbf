// SPDX-License-Identifier: Apache-2.0
//
// The hours of a group in words.
import type { SectionGroup } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';

const DAYS = ['sections.day_1', 'sections.day_2', 'sections.day_3', 'sections.day_4', 'sections.day_5', 'sections.day_6', 'sections.day_7'] as const;

export function useSlots(): (group: SectionGroup) => string {
    const { t } = useI18n();
    return (group) => group.slots.map((s) => t('sections.slot', { day: t(DAYS[s.weekday - 1] ?? DAYS[0]), time: s.time.replace(/^0/, ''), n: s.minutes })).join(' · ');
}

export const freePlaces = (group: SectionGroup): number => Math.max(0, group.capacity - group.taken);
