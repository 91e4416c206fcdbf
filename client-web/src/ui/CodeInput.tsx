// SPDX-License-Identifier: Apache-2.0
//
// Six boxes for the digits of a card. Typing moves on, Backspace moves back, a paste fills all, Enter
// sends. The value is a string of six characters, blanks for boxes not yet filled.
import { useRef, type ClipboardEvent, type KeyboardEvent, type RefObject } from 'react';
import { fillDigits, setDigit } from '../core/digits.ts';
import { useI18n } from '../i18n/index.tsx';
import './code-input.css';

export function CodeInput({ value, onChange, label, describedBy, invalid, firstRef }: {
    value: string; onChange: (value: string) => void; label: string; describedBy?: string; invalid?: boolean; firstRef?: RefObject<HTMLInputElement | null>;
}) {
    const { t } = useI18n();
    const boxes = useRef<(HTMLInputElement | null)[]>([]);
    const focus = (i: number) => { boxes.current[Math.max(0, Math.min(5, i))]?.focus(); };

    const typed = (i: number, text: string) => {
        const digits = text.replace(/\D/g, '');
        const next = digits.length > 1 ? fillDigits(value, i, digits.slice(value[i] === digits[0] ? 1 : 0)) : setDigit(value, i, digits);
        onChange(next);
        if (digits) focus(i + Math.max(1, digits.length - 1));
    };
    const key = (i: number, e: KeyboardEvent) => {
        if (e.key === 'Backspace' && value[i] === ' ') {
            e.preventDefault();
            onChange(setDigit(value, i - 1, ''));
            focus(i - 1);
        } else if (e.key === 'ArrowLeft') { e.preventDefault(); focus(i - 1); } else if (e.key === 'ArrowRight') { e.preventDefault(); focus(i + 1); }
    };
    const paste = (i: number, e: ClipboardEvent) => {
        const digits = e.clipboardData.getData('text').replace(/\D/g, '');
        if (!digits) return;
        e.preventDefault();
        const from = digits.length >= 6 ? 0 : i;
        onChange(fillDigits(value, from, digits));
        focus(from + digits.length);
    };
    return (
        <fieldset className="code-input" aria-describedby={describedBy}>
            <legend>{label}</legend>
            <div className="code-boxes">
                {Array.from({ length: 6 }, (_, i) => (
                    <input key={i} type="text" inputMode="numeric" autoComplete={i === 0 ? 'one-time-code' : 'off'}
                        ref={(el) => { boxes.current[i] = el; if (i === 0 && firstRef) firstRef.current = el; }}
                        aria-label={t('signin.digit', { n: i + 1 })} aria-invalid={invalid} value={value[i] === ' ' ? '' : value[i]}
                        onChange={(e) => { typed(i, e.target.value); }} onKeyDown={(e) => { key(i, e); }} onPaste={(e) => { paste(i, e); }}
                        onFocus={(e) => { e.target.select(); }} />
                ))}
            </div>
        </fieldset>
    );
}
