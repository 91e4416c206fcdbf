// SPDX-License-Identifier: Apache-2.0
//
// The page could not be filled: what is, and the one thing to do.
import { RefreshCw } from 'lucide-react';
import { useI18n } from '../i18n/index.tsx';
import { Button } from './Button.tsx';
import { Note } from './Note.tsx';

export function Failed({ sentence, onRetry }: { sentence: string; onRetry: () => void }) {
    const { t } = useI18n();
    return <Note tone="warn" role="alert"><p>{sentence}</p><div><Button icon={RefreshCw} onPress={onRetry}>{t('common.try_again')}</Button></div></Note>;
}
