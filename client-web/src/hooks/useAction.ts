// SPDX-License-Identifier: Apache-2.0
//
// One change at a time: `run` is ignored while another runs; `error` is what the last one met with.
// Every attempt of the same form carries the same key, so that a lost answer changes nothing twice.
import { useCallback, useRef, useState } from 'react';
import { changeKey, Refused } from '../core/api.ts';

export interface Action<A extends unknown[]> {
    run: (...args: A) => void;
    pending: boolean;
    error: unknown;
    clear: () => void;
}

export function useAction<A extends unknown[], V>(change: (key: string, ...args: A) => Promise<V>, done: (value: V) => void): Action<A> {
    const [pending, setPending] = useState(false);
    const [error, setError] = useState<unknown>(null);
    const busy = useRef(false);
    const key = useRef('');
    const run = (...args: A): void => {
        if (busy.current) return;
        busy.current = true;
        key.current ||= changeKey();
        setPending(true);
        setError(null);
        change(key.current, ...args).then((value) => {
            key.current = '';
            done(value);
        }, (problem: unknown) => {
            if (problem instanceof Refused) key.current = ''; // answered: what comes next is another try
            setError(problem);
        }).finally(() => {
            busy.current = false;
            setPending(false);
        });
    };
    return { run, pending, error, clear: useCallback(() => { setError(null); }, []) };
}
