// SPDX-License-Identifier: Apache-2.0
//
// A referral begun: nothing is kept until it is saved, then the address is the referral's own.
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { ReferralForm } from './ReferralForm.tsx';
import './intake.css';

export default function ReferralNew() {
    const { t } = useI18n();
    const link = useLink();
    const { go } = useRouter();
    return (
        <OfficePage title={t('intake.ref.new')} crumb={<a {...link({ at: 'referrals' })}>{t('intake.list.title')}</a>}>
            <ReferralForm referral={null} onSaved={(r) => { go({ at: 'referral', id: r.id }, { replace: true, saved: true }); }} />
        </OfficePage>
    );
}
