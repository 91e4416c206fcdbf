// SPDX-License-Identifier: Apache-2.0
//
// Who is missing, when the board has heard later than the panel beneath it: the later word is said, and
// no cause is offered for a side that has come meanwhile. Pure.
import type { Cause, MissingSide, NoShow, NoShowBrief } from './api.gen.ts';

export interface Missing { side: MissingSide | 'none'; causes: Cause[] }

/** brief: the board's word, as old as the board; null: there is no board, the panel's own stands. */
export function missingNow(brief: NoShowBrief | null, it: Pick<NoShow, 'missing' | 'causes'>): Missing {
    const side = brief ? brief.missing : it.missing;
    return { side: side ?? 'none', causes: side === it.missing ? it.causes : [] };
}
