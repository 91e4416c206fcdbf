// SPDX-License-Identifier: Apache-2.0
import type { CaseState, ReferralState } from '../../core/api.gen.ts';
import type { Tone } from '../../ui/Chip.tsx';

export const STATE_TONE: Record<ReferralState, Tone> = {
    draft: 'plain', submitted: 'info', incomplete: 'warn', under_review: 'info', accepted: 'ok', refused: 'bad', withdrawn: 'plain',
};
export const STATES: ReferralState[] = ['draft', 'incomplete', 'submitted', 'under_review', 'accepted', 'refused', 'withdrawn'];

export const CASE_TONE: Record<CaseState, Tone> = {
    open: 'warn', mentor_search: 'warn', programme_pending: 'warn', programme_approved: 'warn', schedule_ready: 'warn', staff_ready: 'info', active: 'ok',
    suspended: 'bad', closed: 'plain',
};
