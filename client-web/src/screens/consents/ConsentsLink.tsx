// SPDX-License-Identifier: Apache-2.0
//
// The way from a child's log to its consents, for those who may see them.
import { FileCheck } from 'lucide-react';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';

export function ConsentsLink({ child }: { child: number }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    if (me.role !== 'guardian' && me.role !== 'coordinator') return null;
    return <div><LinkButton icon={FileCheck} {...link({ at: 'consents', child })}>{t('consents.link')}</LinkButton></div>;
}
