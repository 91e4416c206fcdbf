// SPDX-License-Identifier: Apache-2.0
//
// A state in one or two words, with its icon. Never pressable.
import type { Icon as IconType } from './icon.ts';
import './chip.css';

export type Tone = 'plain' | 'ok' | 'warn' | 'bad' | 'info';

export function Chip({ tone = 'plain', icon: Icon, children }: { tone?: Tone; icon?: IconType; children: string }) {
    return <span className={`chip ${tone}`}>{Icon && <Icon aria-hidden />}{children}</span>;
}
