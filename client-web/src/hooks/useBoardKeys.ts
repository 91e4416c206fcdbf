// SPDX-License-Identifier: Apache-2.0
//
// J and K walk the rows, A goes to the first card's first action. By physical key, so that a Russian
// keyboard layout serves too; off while typing and with a sheet open.
import { useEffect, type RefObject } from 'react';

export function useBoardKeys(root: RefObject<HTMLElement | null>): void {
    useEffect(() => {
        const press = (e: KeyboardEvent) => {
            const at = e.target instanceof HTMLElement ? e.target : null;
            if (e.ctrlKey || e.metaKey || e.altKey || at?.closest('input, textarea, select, [role="dialog"]')) return;
            const all = (selector: string) => [...(root.current?.querySelectorAll<HTMLElement>(selector) ?? [])];
            const rows = all('[data-row]');
            const here = rows.findIndex((r) => r === at);
            if (e.code === 'KeyJ') rows[Math.min(rows.length - 1, here + 1)]?.focus();
            else if (e.code === 'KeyK') rows[Math.max(0, here - 1)]?.focus();
            else if (e.code === 'KeyA') all('.need-card button, .need-card a')[0]?.focus();
        };
        addEventListener('keydown', press);
        return () => { removeEventListener('keydown', press); };
    }, [root]);
}
