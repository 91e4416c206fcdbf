// SPDX-License-Identifier: Apache-2.0
import type { ReactElement } from 'react';
import { RefreshCw, Route } from 'lucide-react';
import type { PathTest } from '../../core/api.gen.ts';
import type { WayFound } from '../../hooks/useWay.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Row } from './Row.tsx';
import { usePathWords } from './usePathWords.ts';

/** The path test: the real way to the server, and in plain words what the lesson will be like. */
export function WayRow({ found, onRetry, lesson, who }: {
    found: WayFound | null; onRetry: () => void; lesson: number | null; who: 'child' | 'adult';
}) {
    const { t } = useI18n();
    const title = t('ready.way');
    const again = <Button icon={RefreshCw} onPress={onRetry}>{t('common.try_again')}</Button>;
    if (!found) return <Row state="now" icon={Route} title={title} text={t('ready.way_text', { who })} />;
    if (found.kind === 'later') return <Row state="idle" icon={Route} title={title} text={t('ready.way_later', { who })}>{again}</Row>;
    if (found.kind === 'none') return <Row state="failed" icon={Route} title={title} text={t('ready.way_none', { who })} help={{ code: 'no_path', lesson }}>{again}</Row>;
    return <Told test={found.test} title={title} again={again} lesson={lesson} who={who} />;
}

function Told({ test, title, again, lesson, who }: { test: PathTest; title: string; again: ReactElement; lesson: number | null; who: 'child' | 'adult' }) {
    const words = usePathWords();
    const calls = test.verdict === 'call_us';
    const text = [words.verdict(test.verdict, who), test.verdict === 'good' || who === 'child' ? '' : words.cause(test, who)].filter(Boolean).join(' ');
    return (
        <Row state={calls ? 'failed' : 'done'} icon={Route} title={title} text={text} keep {...(calls ? { help: { code: `path_${test.cause}`, lesson } } : {})}>
            {who === 'adult' && test.websocket && <p className="quiet small tabular way-figures">{words.figures(test)}</p>}
            {test.verdict !== 'good' && again}
        </Row>
    );
}
