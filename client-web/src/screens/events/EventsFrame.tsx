// SPDX-License-Identifier: Apache-2.0
//
// The page of the reader for everything about events: a family's with the way back, or an office page.
import type { ReactNode } from 'react';
import { ChevronLeft } from 'lucide-react';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import './events.css';

export function EventsFrame({ title, inner, actions, problem, children }: { title: string; inner?: boolean; actions?: ReactNode; problem?: boolean; children: ReactNode }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const { go } = useRouter();
    const body = <div className="events">{children}</div>;
    const failed = problem ? { problem } : {};
    if (me.role === 'child' || me.role === 'guardian') {
        return (
            <FamilyPage title={title} {...failed} end={<HelpButton call={{ place: 'home' }} />}
                lead={<IconButton framed icon={ChevronLeft} name={t('common.back')} onPress={() => { go(inner ? { at: 'events' } : { at: 'home' }); }} />}>
                {body}
            </FamilyPage>
        );
    }
    return <OfficePage title={title} {...failed} actions={actions} crumb={inner && <a {...link({ at: 'events' })}>{t('events.title')}</a>}>{body}</OfficePage>;
}
