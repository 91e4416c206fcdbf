// SPDX-License-Identifier: Apache-2.0
//
// Referrals with their states and the days they wait: a school's own with its drafts, the centre's all.
import { useState } from 'react';
import { FilePlus2, Inbox } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ReferralState } from '../../core/api.gen.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Listed } from './Listed.tsx';
import { ReferralTable } from './ReferralTable.tsx';
import { STATES } from './states.ts';
import { usePages } from './usePages.ts';
import './intake.css';

export default function Referrals() {
    const { t } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const school = me.role === 'school_officer';
    const [state, setState] = useState<ReferralState | ''>('');
    const pages = usePages(`referrals ${state}`, (cursor, signal) => api.referrals(state || undefined, cursor, signal));
    const states = STATES.filter((s) => school || s !== 'draft');
    return (
        <OfficePage title={t('intake.list.title')} actions={school && (
            <Button look="main" icon={FilePlus2} onPress={() => { go({ at: 'referral_new' }); }}>{t('intake.list.new')}</Button>
        )}>
            <div className="intake-bar">
                <SelectField label={t('intake.list.filter')} value={state} onChange={(v) => { setState(v as ReferralState | ''); }}>
                    <option value="">{t('intake.list.all')}</option>
                    {states.map((s) => <option key={s} value={s}>{t(`intake.state.${s}`)}</option>)}
                </SelectField>
            </div>
            <Listed pages={pages} icon={Inbox} empty={t(state ? 'intake.list.empty_state' : school ? 'intake.list.empty_school' : 'intake.list.empty_centre')}>
                <ReferralTable items={pages.items} centre={!school} />
            </Listed>
        </OfficePage>
    );
}
