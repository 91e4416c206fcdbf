// SPDX-License-Identifier: Apache-2.0
import { ChevronLeft } from 'lucide-react';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { IconButton } from '../../ui/IconButton.tsx';

/** The family's way back from a page about the child to its lessons. */
export function BackToLog({ child }: { child: number }) {
    const { t } = useI18n();
    const { go } = useRouter();
    return <IconButton framed icon={ChevronLeft} name={t('common.back')} onPress={() => { go({ at: 'log', child, month: null }); }} />;
}
