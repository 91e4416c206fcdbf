// SPDX-License-Identifier: Apache-2.0
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { NeedReturn } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';

/** What was declared beside what was referred, in words; anything but equal is marked. */
export function Difference({ it }: { it: NeedReturn }) {
    const { t } = useI18n();
    if (it.difference === null) return <Chip tone={it.received > 0 ? 'warn' : 'plain'}>{t('intake.need.undeclared', { n: it.received })}</Chip>;
    if (it.difference === 0) return <Chip tone="ok" icon={CircleCheck}>{t('intake.need.equal')}</Chip>;
    if (it.difference > 0) return <Chip tone="warn" icon={CircleAlert}>{t('intake.need.to_refer', { n: it.difference })}</Chip>;
    return <Chip tone="bad" icon={CircleAlert}>{t('intake.need.over', { n: -it.difference })}</Chip>;
}
