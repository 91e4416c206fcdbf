// SPDX-License-Identifier: Apache-2.0
//
// The page of the reader for everything about sections: a child's or a family's with the way back, or an
// office page.
import type { ReactNode } from 'react';
import { ChevronLeft } from 'lucide-react';
import type { Route } from '../../core/route.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import './sections.css';

export function SectionsFrame({ title, sub, back, backName, children }: {
    title: string; sub?: string | undefined; back: Route | null; backName: string; children: ReactNode;
}) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const { go } = useRouter();
    const body = <div className="sections">{children}</div>;
    const more = sub ? { sub } : {};
    if (me.role === 'child' || me.role === 'guardian') {
        return (
            <FamilyPage title={title} {...more} end={<HelpButton call={{ place: 'home' }} />}
                lead={<IconButton framed icon={ChevronLeft} name={t('common.back')} onPress={() => { go(back ?? { at: 'home' }); }} />}>
                {body}
            </FamilyPage>
        );
    }
    return <OfficePage title={title} {...more} crumb={back && <a {...link(back)}>{backName}</a>}>{body}</OfficePage>;
}
