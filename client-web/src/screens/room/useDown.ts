// SPDX-License-Identifier: Apache-2.0
//
// Two facts about the link that are told late on purpose, so that a short wobble changes nothing.
import { useEffect, useState } from 'react';
import type { LinkWord } from '../../core/link.ts';

const SHOW_RECONNECT_MS = 2_000;
const SHOW_PHONE_MS = 60_000;
const GOOD_AGAIN_MS = 20_000;

export type Down = 'no' | 'short' | 'long';

/** How long the line has been down, in steps that matter. `stalled`: nothing has come for a while already. */
export function useDown(gone: boolean, stalled: boolean): Down {
    const [step, setStep] = useState<Down>('no');
    const down = gone || stalled;
    useEffect(() => {
        if (!down) return;
        const timers = [setTimeout(() => { setStep('short'); }, SHOW_RECONNECT_MS), setTimeout(() => { setStep('long'); }, SHOW_PHONE_MS)];
        return () => { timers.forEach(clearTimeout); setStep('no'); };
    }, [down]);
    return !down ? 'no' : step === 'no' && stalled ? 'short' : step;
}

/** Weak from the first weak word on, until the link has been better for 20 s. */
export function useWeak(link: LinkWord): boolean {
    const [weak, setWeak] = useState(false);
    const now = link === 'weak';
    useEffect(() => {
        if (now) { setWeak(true); return; }
        const timer = setTimeout(() => { setWeak(false); }, GOOD_AGAIN_MS);
        return () => { clearTimeout(timer); };
    }, [now]);
    return now || weak;
}
