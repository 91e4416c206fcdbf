// SPDX-License-Identifier: Apache-2.0
//
// The ways from a child's log to its consents and sections, for those who may see them.
import { FileCheck, Presentation, Shapes } from 'lucide-react';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import './ways.css';

export function ConsentsLink({ child }: { child: number }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    if (me.role !== 'guardian' && me.role !== 'coordinator') return null;
    return (
        <div className="consents-ways">
            <LinkButton icon={FileCheck} {...link({ at: 'consents', child })}>{t('consents.link')}</LinkButton>
            <LinkButton icon={Shapes} {...link({ at: 'choices', child })}>{t('choices.link')}</LinkButton>
            {me.role === 'guardian' && <LinkButton icon={Presentation} {...link({ at: 'events' })}>{t('events.link')}</LinkButton>}
        </div>
    );
}
