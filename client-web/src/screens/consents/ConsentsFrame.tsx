// SPDX-License-Identifier: Apache-2.0
//
// The page of the reader: a family's, with the way back to the log, or an office page.
import type { ReactNode } from 'react';
import { ChevronLeft } from 'lucide-react';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';

export function ConsentsFrame({ child, name, children }: { child: number; name: string | undefined; children: ReactNode }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const { go } = useRouter();
    const log = { at: 'log', child, month: null } as const;
    const body = <div className="consents">{children}</div>;
    if (me.role === 'guardian') {
        return (
            <FamilyPage title={t('consents.title')} {...(name ? { sub: name } : {})}
                lead={<IconButton framed icon={ChevronLeft} name={t('common.back')} onPress={() => { go(log); }} />} end={<HelpButton call={{ place: 'log' }} />}>
                {body}
            </FamilyPage>
        );
    }
    return (
        <OfficePage title={name ? t('consents.title_of', { name }) : t('consents.title')} crumb={name && <a {...link(log)}>{t('log.title', { name })}</a>}>
            {body}
        </OfficePage>
    );
}
