// SPDX-License-Identifier: Apache-2.0
//
// One thing that is checked: its icon, its name, one word for how it stands, and below what to do.
import type { ReactNode } from 'react';
import { Check, TriangleAlert } from 'lucide-react';
import { useI18n } from '../../i18n/index.tsx';
import type { Icon as IconType } from '../../ui/icon.ts';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import { HelpButton } from '../help/HelpButton.tsx';

export type RowState = 'idle' | 'now' | 'done' | 'failed';

const WORD = { now: 'ready.now', done: 'ready.done', failed: 'ready.failed' } as const;
const TONE: Record<RowState, Tone> = { idle: 'plain', now: 'plain', done: 'ok', failed: 'warn' };

export function Row({ state, icon, title, text, end, help, keep, children }: {
    state: RowState; icon: IconType; title: string; text?: string | undefined;
    /** in the place of the word */
    end?: ReactNode;
    /** the code that the coordinator is told when an adult is called */
    help?: { code: string; lesson: number | null } | undefined;
    /** the text stays on a phone also when all is well */
    keep?: boolean;
    children?: ReactNode;
}) {
    const { t } = useI18n();
    const Icon = state === 'done' ? Check : state === 'failed' ? TriangleAlert : icon;
    return (
        <li className={`card ready-row ${state}${keep ? ' keep' : ''}`}>
            <span className="ready-icon"><Icon className="icon" aria-hidden /></span>
            <h2>{title}</h2>
            <div className="ready-end">{end ?? (state !== 'idle' && <Chip tone={TONE[state]}>{t(WORD[state])}</Chip>)}</div>
            <p className="ready-text" role="status">{text ?? ''}</p>
            {(children || help) && (
                <div className="ready-more">
                    {children}
                    {help && <HelpButton call={{ place: 'ready', code: help.code, ...(help.lesson ? { lesson: help.lesson } : {}) }} label={t('ready.call_adult')} />}
                </div>
            )}
        </li>
    );
}
