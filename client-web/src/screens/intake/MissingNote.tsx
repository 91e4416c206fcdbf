// SPDX-License-Identifier: Apache-2.0
//
// What a referral still lacks, and what the centre asked for, by name.
import type { Referral, ReferralItem } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Note } from '../../ui/Note.tsx';

export function MissingNote({ referral: r }: { referral: Referral }) {
    const { t } = useI18n();
    const missing = r.missing.filter((i) => !r.asked?.items.includes(i));
    const list = (items: ReferralItem[]) => <ul className="intake-list">{items.map((i) => <li key={i}>{t(`intake.item.${i}`)}</li>)}</ul>;
    return (
        <>
            {r.asked && (
                <Note tone="warn" title={t('intake.ref.asked')}>
                    {list(r.asked.items)}
                    {r.asked.note && <p>{t('intake.ref.asked_note', { note: r.asked.note })}</p>}
                </Note>
            )}
            {missing.length > 0 && <Note tone={r.state === 'draft' ? 'plain' : 'warn'} title={t('intake.ref.missing')}>{list(missing)}</Note>}
        </>
    );
}
