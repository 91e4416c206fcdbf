// SPDX-License-Identifier: Apache-2.0
import type { Chip as Code } from '../core/api.gen.ts';
import { useI18n } from '../i18n/index.tsx';
import { Chip } from './Chip.tsx';
import { LESSON_CHIP } from './lesson-chips.ts';

/** The state of a lesson; `minutes` since when it is so, if that matters. */
export function LessonChip({ chip, minutes }: { chip: Code; minutes?: number | undefined }) {
    const { t } = useI18n();
    const { tone, icon } = LESSON_CHIP[chip];
    return <Chip tone={tone} icon={icon}>{minutes === undefined ? t(`chip.${chip}`) : t('chip.since', { word: t(`chip.${chip}`), n: minutes })}</Chip>;
}
