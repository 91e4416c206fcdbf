// SPDX-License-Identifier: Apache-2.0
//
// Writes theme, density and hand on <html>; everything else is CSS. `dim(true)` darkens the page while
// it is on, whatever the person chose (a ward at night).
import { useCallback, useEffect, useState } from 'react';
import type { Me } from '../core/api.gen.ts';

const DARK = '(prefers-color-scheme: dark)';
const PHONE = '(max-width: 640px), (max-height: 480px)';

/** Whether a media query matches, kept up to date. */
export function useMedia(query: string): boolean {
    const [matches, setMatches] = useState(() => matchMedia(query).matches);
    useEffect(() => {
        const list = matchMedia(query);
        const change = () => { setMatches(list.matches); };
        change();
        list.addEventListener('change', change);
        return () => { list.removeEventListener('change', change); };
    }, [query]);
    return matches;
}

export function useAppearance(me: Me | null | undefined): { dimmed: boolean; dim: (on: boolean) => void } {
    const systemDark = useMedia(DARK);
    const phone = useMedia(PHONE);
    const [dimmed, setDimmed] = useState(false);
    const dark = dimmed || (me && me.theme !== 'system' ? me.theme === 'dark' : systemDark);
    const family = !me || me.role === 'child' || me.role === 'guardian';
    useEffect(() => {
        const root = document.documentElement.dataset;
        root.theme = dark ? 'dark' : 'light';
        root.density = family || phone ? 'child' : 'office';
        root.hand = me?.hand ?? 'right';
    }, [dark, family, phone, me?.hand]);
    return { dimmed, dim: useCallback((on: boolean) => { setDimmed(on); }, []) };
}
