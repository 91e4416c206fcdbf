// SPDX-License-Identifier: Apache-2.0
//
// Link strength, our own four bars, the same everywhere; the word for it is the caller's.
import { Signal, SignalHigh, SignalLow, SignalZero } from 'lucide-react';
import type { LinkWord } from '../core/link.ts';
import './link-bars.css';

const ICONS = { good: Signal, fair: SignalHigh, weak: SignalLow, gone: SignalZero };

export function LinkBars({ word, name }: { word: LinkWord; name: string }) {
    const Icon = ICONS[word];
    return <span className={`link-bars ${word}`} role="img" aria-label={name} title={name}><Icon className="icon" aria-hidden /></span>;
}
