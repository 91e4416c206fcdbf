// SPDX-License-Identifier: Apache-2.0
import { RefreshCw, Route } from 'lucide-react';
import type { PathResult } from '../../core/probe.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Row } from './Row.tsx';

/** The real way to the server: tried by a connection that carries nothing to anybody. */
export function WayRow({ found, onRetry, lesson, who }: {
    found: PathResult | null; onRetry: () => void; lesson: number | null; who: 'child' | 'adult';
}) {
    const { t } = useI18n();
    const title = t('ready.way');
    if (!found) return <Row state="now" icon={Route} title={title} text={t('ready.way_text', { who })} />;
    if (found.path === 'udp') return <Row state="done" icon={Route} title={title} text={t('ready.way_udp', { ms: found.rttMs, who })} />;
    const page = found.path === 'signalling';
    return (
        <Row state="failed" icon={Route} title={title} text={t(page ? 'ready.way_signalling' : 'ready.way_none', { who })}
            help={{ code: page ? 'no_udp' : 'no_path', lesson }}>
            <Button icon={RefreshCw} onPress={onRetry}>{t('common.try_again')}</Button>
        </Row>
    );
}
