// SPDX-License-Identifier: Apache-2.0
//
// One answer of the API as state. A later failure keeps the last answer and says since when it is old
// (`asOf`); `poll` asks again while the page is visible. A new `key` starts anew.
import { useCallback, useEffect, useRef, useState } from 'react';
import { learnNow, now } from '../core/clock.ts';

export interface Loaded<V> {
    data: V | null;
    /** what went wrong last, or null: with `data`, the data is old */
    error: unknown;
    /** server's time when `data` came */
    asOf: number | null;
    reload: () => void;
    /** replaces the data by what a change answered */
    set: (data: V) => void;
}

const hasNow = (v: unknown): v is { now: number } =>
    typeof v === 'object' && v !== null && typeof (v as { now?: unknown }).now === 'number';

export function useLoad<V>(key: string, load: (signal: AbortSignal) => Promise<V>, poll?: number): Loaded<V> {
    const [state, setState] = useState<{ key: string; data: V | null; error: unknown; asOf: number | null }>(
        { key, data: null, error: null, asOf: null });
    const [turn, setTurn] = useState(0);
    const fetcher = useRef(load);
    useEffect(() => { fetcher.current = load; });

    useEffect(() => {
        const gone = new AbortController();
        let timer: ReturnType<typeof setTimeout> | undefined;
        const ask = async () => {
            try {
                const data = await fetcher.current(gone.signal);
                if (hasNow(data)) learnNow(data.now);
                if (!gone.signal.aborted) setState({ key, data, error: null, asOf: now() });
            } catch (error) {
                if (gone.signal.aborted) return;
                setState((old) => old.key === key ? { ...old, error } : { key, data: null, error, asOf: null });
            }
            if (poll && !gone.signal.aborted) timer = setTimeout(() => void again(), poll);
        };
        const again = async () => {
            if (document.visibilityState === 'visible') return ask();
            timer = setTimeout(() => void again(), poll);
        };
        void ask();
        return () => { gone.abort(); clearTimeout(timer); };
    }, [key, poll, turn]);

    const reload = useCallback(() => { setTurn((n) => n + 1); }, []);
    const set = useCallback((data: V) => { setState({ key, data, error: null, asOf: now() }); }, [key]);
    const fresh = state.key === key;
    return { data: fresh ? state.data : null, error: fresh ? state.error : null, asOf: fresh ? state.asOf : null, reload, set };
}
