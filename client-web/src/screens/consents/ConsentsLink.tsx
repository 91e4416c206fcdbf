// SPDX-License-Identifier: Apache-2.0
//
// The ways from a child's log to its consents, sections, programme and weekly times, for those who may see them.
import { BookOpen, Clock, FileCheck, Presentation, Shapes } from 'lucide-react';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import './ways.css';

export function ConsentsLink({ child }: { child: number }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const family = me.role === 'guardian' || me.role === 'coordinator';
    if (!family && me.role !== 'mentor') return null;
    return (
        <div className="consents-ways">
            {family && <LinkButton icon={FileCheck} {...link({ at: 'consents', child })}>{t('consents.link')}</LinkButton>}
            {family && <LinkButton icon={Shapes} {...link({ at: 'choices', child })}>{t('choices.link')}</LinkButton>}
            {family && <LinkButton icon={Clock} {...link({ at: 'hours', of: 'child', id: child })}>{t('family.hours')}</LinkButton>}
            <LinkButton icon={BookOpen} {...link({ at: 'programme', child })}>{t('family.programme')}</LinkButton>
            {me.role === 'guardian' && <LinkButton icon={Presentation} {...link({ at: 'events' })}>{t('events.link')}</LinkButton>}
        </div>
    );
}
