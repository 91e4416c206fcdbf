// SPDX-License-Identifier: Apache-2.0
//
// The way to the server, tried when the page opens and again when asked. `result` resolves also after
// the page has gone, so that what was found can still be written down.
import { useCallback, useEffect, useRef, useState } from 'react';
import { probePath, socketUrl, type PathResult } from '../core/probe.ts';
import { wayMemory } from '../core/way.ts';

export interface Way { found: PathResult | null; result: () => Promise<PathResult>; retry: () => void }

const NOWHERE: PathResult = { path: 'none', rttMs: 0 };

export function useWay(): Way {
    const [found, setFound] = useState<PathResult | null>(null);
    const [turn, setTurn] = useState(0);
    const running = useRef<Promise<PathResult>>(Promise.resolve(NOWHERE));
    useEffect(() => {
        let current = true;
        running.current = probePath(socketUrl(location.origin));
        void running.current.then((r) => {
            if (r.path !== 'none') wayMemory(sessionStorage).write(r.path === 'udp' ? 'udp' : 'frames'); // the lesson begins with it
            if (current) setFound(r);
        });
        return () => { current = false; };
    }, [turn]);
    const retry = useCallback(() => { setFound(null); setTurn((n) => n + 1); }, []);
    const result = useCallback(() => running.current, []);
    return { found, result, retry };
}
