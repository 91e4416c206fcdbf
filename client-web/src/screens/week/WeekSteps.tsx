// SPDX-License-Identifier: Apache-2.0
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { Week } from '../../core/api.gen.ts';
import { addDays } from '../../core/wall.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';

/** A week back, this one, a week on. */
export function WeekSteps({ of, date, week }: { of: string; date: string | null; week: Week | null }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const monday = week?.days[0]?.date ?? date;
    const step = (days: number) => { if (monday) go({ at: 'week', of, date: addDays(monday, days) }); };
    return (
        <div className="week-steps">
            <IconButton framed icon={ChevronLeft} name={t('week.previous')} onPress={() => { step(-7); }} />
            <Button onPress={() => { go({ at: 'week', of, date: null }); }}>{t('week.this')}</Button>
            <IconButton framed icon={ChevronRight} name={t('week.next')} onPress={() => { step(7); }} />
        </div>
    );
}
