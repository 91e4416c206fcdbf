// SPDX-License-Identifier: Apache-2.0
//
// The week in the frame of the reader: a family's page with help, or an office page.
import type { ReactNode } from 'react';
import type { Week } from '../../core/api.gen.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import { SettingsButton } from '../settings/SettingsButton.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';

const noon = (date: string): number => Date.parse(`${date}T12:00:00Z`);

export function WeekFrame({ of, week, actions, children }: { of: string; week: Week | null; actions: ReactNode; children: ReactNode }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const own = me.role === 'mentor';
    const title = own ? t('week.of_own') : of === 'centre' ? t('week.of_centre') : week ? t('week.title', { name: week.name }) : t('week.show');
    const [first, last] = [week?.days[0], week?.days[6]];
    const sub = week && first && last
        ? t('week.sub', { from: fmt.dayMonth(noon(first.date), 'UTC'), to: fmt.dayMonth(noon(last.date), 'UTC'), zone: fmt.zone(week.tz) }) : undefined;
    if (me.role === 'guardian') {
        return (
            <FamilyPage title={title} {...(sub ? { sub } : {})} lead={<SettingsButton />} end={<HelpButton call={{ place: 'log' }} />}>
                <div className="week-tools no-print">{actions}</div>
                {children}
            </FamilyPage>
        );
    }
    return <OfficePage title={title} {...(sub ? { sub } : {})} actions={actions}>{children}</OfficePage>;
}
