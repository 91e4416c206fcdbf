// SPDX-License-Identifier: Apache-2.0
import type { Validity } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import type { Tone } from '../../ui/Chip.tsx';

type Paper = Pick<Validity, 'state' | 'from' | 'to' | 'days_left' | 'alert'>;

/** Until when a paper holds, as a chip says it. */
export function usePaperWords() {
    const { t, fmt } = useI18n();
    const day = (date: string | null): string => (date ? fmt.dayYear(date) : '–');
    return {
        day,
        tone: (p: Paper): Tone => (p.state === 'expired' ? 'bad' : p.state === 'valid' && p.alert === null ? 'ok' : p.state === 'absent' ? 'plain' : 'warn'),
        state: (p: Paper): string => {
            switch (p.state) {
                case 'absent': return t('intake.register.paper_absent');
                case 'expired': return t('intake.register.paper_expired');
                case 'ahead': return t('intake.register.paper_ahead', { day: day(p.from) });
                case 'valid': return p.alert === null ? t('intake.register.paper_ok', { day: day(p.to) }) : t('intake.register.paper_soon', { n: p.days_left ?? 0 });
            }
        },
    };
}
