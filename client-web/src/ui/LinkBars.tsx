// SPDX-License-Identifier: Apache-2.0
//
// The strength of a link in our own four bars: full, two, one, struck through. The same in every place;
// a word goes with it.
import './link-bars.css';

export type Strength = 'full' | 'two' | 'one' | 'none';
const LIT: Record<Strength, number> = { full: 4, two: 2, one: 1, none: 0 };

export function LinkBars({ strength, className = '', ...rest }: { strength: Strength; className?: string; 'aria-hidden'?: boolean }) {
    return (
        <svg viewBox="0 0 24 24" className={`link-bars ${className}`} {...rest}>
            {[6, 10, 14, 18].map((h, i) => <rect key={h} x={2 + i * 5.4} y={21 - h} width="3.8" height={h} rx="1.2" className={i < LIT[strength] ? 'lit' : ''} />)}
            {strength === 'none' && <path d="M3 3l18 18" className="struck" />}
        </svg>
    );
}

/** One bar, where an icon is wanted. */
export const WeakLink = (props: { className?: string; 'aria-hidden'?: boolean }) => <LinkBars strength="one" {...props} />;
