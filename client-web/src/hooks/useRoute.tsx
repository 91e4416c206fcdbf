// SPDX-License-Identifier: Apache-2.0
//
// The address bar as state. `useRoute()` is where we are, `go()` moves, `link()` gives the props of an
// <a> that moves without loading the page anew and still opens in a new tab when asked to. Whoever
// leaves a page is told so by the window's event LEAVING, at once: what follows may take time to load.
// `saved` tells the page gone to that what it shows has just been saved: it has to say so.
import { createContext, useContext, useEffect, useMemo, useState, type MouseEvent, type ReactNode } from 'react';
import { parseRoute, routeAddress, type Route } from '../core/route.ts';

interface Router { route: Route; go: (to: Route, how?: { replace?: boolean; saved?: boolean }) => void }

export const LEAVING = 'parta-leaving';
const leave = () => { dispatchEvent(new Event(LEAVING)); };

const Context = createContext<Router | null>(null);
const here = (): string => location.pathname + location.search;

export function RouteProvider({ children }: { children: ReactNode }) {
    const [address, setAddress] = useState(here);
    useEffect(() => {
        const back = () => { leave(); setAddress(here()); };
        addEventListener('popstate', back);
        return () => { removeEventListener('popstate', back); };
    }, []);
    const value = useMemo<Router>(() => ({
        route: parseRoute(address),
        go: (to, how) => {
            const next = routeAddress(to);
            if (next !== here()) leave();
            const state = how?.saved ? { saved: true } : null;
            if (how?.replace) history.replaceState(state, '', next);
            else if (next !== here()) history.pushState(state, '', next);
            setAddress(next);
            scrollTo(0, 0);
        },
    }), [address]);
    return <Context value={value}>{children}</Context>;
}

export function useRouter(): Router {
    const value = useContext(Context);
    if (!value) throw new Error('no RouteProvider');
    return value;
}

/** Whether this page was gone to with `saved`. */
export const cameSaved = (): boolean => (history.state as { saved?: boolean } | null)?.saved === true;

export const useRoute = (): Route => useRouter().route;

/** Props for an <a>: `<a {...link({ at: 'home' })}>`. */
export function useLink(): (to: Route) => { href: string; onClick: (e: MouseEvent) => void } {
    const { go } = useRouter();
    return (to) => ({
        href: routeAddress(to),
        onClick: (e) => {
            if (e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
            e.preventDefault();
            go(to);
        },
    });
}
