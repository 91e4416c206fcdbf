// SPDX-License-Identifier: Apache-2.0
//
// What became of the referral, in one sentence; after a change it is spoken.
import type { Referral } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Note } from '../../ui/Note.tsx';

export function StateNote({ referral: r, school, saved }: { referral: Referral; school: boolean; saved: boolean }) {
    const { t } = useI18n();
    const spoken = saved ? { role: 'status' as const } : {};
    switch (r.state) {
        case 'draft': return saved ? <Note tone="ok" role="status"><p>{t('intake.ref.saved', { n: r.missing.length })}</p></Note> : null;
        case 'incomplete': return saved && school && !r.asked ? <Note tone="warn" role="status"><p>{t('intake.ref.sent_incomplete')}</p></Note> : null;
        case 'submitted':
        case 'under_review': return school ? <Note tone="info" {...spoken}><p>{t('intake.ref.sent', { n: r.waiting_days })}</p></Note> : null;
        case 'accepted': return <Note tone="ok" {...spoken}><p>{t('intake.ref.accepted')}</p></Note>;
        case 'refused': return <Note tone="warn" {...spoken}><p>{t('intake.ref.refused', { ground: t(`intake.refusal.${r.refusal ?? 'other'}`) })}</p></Note>;
        case 'withdrawn': return <Note tone="plain" {...spoken}><p>{t('intake.ref.withdrawn', { reason: r.withdrawn_reason ?? '–' })}</p></Note>;
    }
}
