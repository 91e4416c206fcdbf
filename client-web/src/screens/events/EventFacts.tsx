// SPDX-License-Identifier: Apache-2.0
//
// What one has to know of an event at a glance: what kind, when and where, and whether it still stands.
import { CalendarX2, FileCheck } from 'lucide-react';
import type { EventBrief } from '../../core/api.gen.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';

export function EventFacts({ event: e }: { event: EventBrief }) {
    const { t, fmt } = useI18n();
    const { tz } = useMe();
    return (
        <>
            <div className="event-chips">
                <Chip>{t(`events.kind.${e.kind}`)}</Chip>
                {e.state === 'cancelled' && <Chip tone="bad" icon={CalendarX2}>{t('events.cancelled')}</Chip>}
                {e.minutes === 'frozen' && <Chip tone="info" icon={FileCheck}>{t('events.minutes_frozen')}</Chip>}
                {e.minutes === 'signed' && <Chip tone="ok" icon={FileCheck}>{t('events.minutes_signed')}</Chip>}
            </div>
            <p>
                <span className="strong">{t('events.time', { day: fmt.weekdayDay(e.start, tz), from: fmt.clock(e.start, tz), to: fmt.clock(e.end, tz) })}</span>
                {tz !== e.tz && <span className="quiet"> {t('events.zone', { zone: fmt.zone(tz) })}</span>}
            </p>
            <p className="event-text">{e.place}</p>
        </>
    );
}
