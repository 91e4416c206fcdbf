// SPDX-License-Identifier: Apache-2.0
//
// The frame of a list: loading, failed, empty, and what comes after the first page.
import type { ReactNode } from 'react';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import type { Icon } from '../../ui/icon.ts';
import { Loading } from '../../ui/Loading.tsx';

export function Listed({ pages, empty, icon, children }: {
    pages: { loaded: boolean; items: unknown[]; error: unknown; reload: () => void; more: { run: () => void; pending: boolean; error: unknown } | null };
    empty: string; icon: Icon; children: ReactNode;
}) {
    const { t } = useI18n();
    if (!pages.loaded) return pages.error ? <Failed sentence={errorSentence(t, pages.error)} onRetry={pages.reload} /> : <Loading rows={6} onRetry={pages.reload} />;
    if (pages.items.length === 0) return <div className="card"><Empty icon={icon} sentence={empty} /></div>;
    return (
        <>
            {children}
            {pages.more && <div><Button onPress={pages.more.run} isPending={pages.more.pending}>{t('intake.list.more')}</Button></div>}
            {pages.more?.error !== undefined && pages.more.error !== null && <Failed sentence={errorSentence(t, pages.more.error)} onRetry={pages.more.run} />}
        </>
    );
}
