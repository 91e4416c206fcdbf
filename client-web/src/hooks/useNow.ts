// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import { now, onLearnt } from '../core/clock.ts';

/** The server's time, told anew every `every` milliseconds (a child's screen needs no ticking seconds). */
export function useNow(every = 1000): number {
    const [time, setTime] = useState(now);
    useEffect(() => {
        const tell = () => { setTime(now()); };
        const timer = setInterval(tell, every);
        const stop = onLearnt(tell);
        return () => { clearInterval(timer); stop(); };
    }, [every]);
    return time;
}
