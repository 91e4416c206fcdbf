// SPDX-License-Identifier: Apache-2.0
import { Award } from 'lucide-react';
import { useLink } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';

/** The way to a child's marks. */
export function MarksLink({ child }: { child: number }) {
    const { t } = useI18n();
    const link = useLink();
    return <LinkButton icon={Award} {...link({ at: 'marks', child })}>{t('marks.link')}</LinkButton>;
}
