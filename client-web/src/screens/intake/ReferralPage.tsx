// SPDX-License-Identifier: Apache-2.0
//
// One referral. Its school writes while it may, later it reads; the centre reviews.
import { useState } from 'react';
import { FolderOpen, Undo2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Referral } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { cameSaved, useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { LimitsCard } from './LimitsCard.tsx';
import { MedicalBox } from './MedicalBox.tsx';
import { MissingNote } from './MissingNote.tsx';
import { ReferralFacts } from './ReferralFacts.tsx';
import { ReferralForm } from './ReferralForm.tsx';
import { ReviewPanel } from './ReviewPanel.tsx';
import { StateNote } from './StateNote.tsx';
import { STATE_TONE } from './states.ts';
import { WithdrawSheet } from './WithdrawSheet.tsx';
import './intake.css';

export default function ReferralPage({ id }: { id: number }) {
    const { t } = useI18n();
    const link = useLink();
    const { go } = useRouter();
    const school = useMe().role === 'school_officer';
    const { data: r, error, reload, set } = useLoad(`referral ${id}`, (signal) => api.referral(id, signal));
    const [leaving, setLeaving] = useState(false);
    const [saved, setSaved] = useState(cameSaved);
    const changed = (next: Referral) => { set(next); setSaved(true); setLeaving(false); };
    const writes = school && r && (r.state === 'draft' || r.state === 'incomplete');
    const child = r?.child;
    return (
        <OfficePage title={r ? (r.child_name ?? t('intake.list.no_name')) : t('intake.ref.title')}
            crumb={<><a {...link({ at: school ? 'referrals' : 'intake' })}>{t(school ? 'intake.list.title' : 'intake.queue.title')}</a>{r && ` › ${r.school.name}`}</>}
            facts={r && <Chip tone={STATE_TONE[r.state]}>{t(`intake.state.${r.state}`)}</Chip>}
            actions={(
                <>
                    {school && r && r.closed === null && <Button icon={Undo2} onPress={() => { setLeaving(true); }}>{t('intake.ref.withdraw')}</Button>}
                    {child && <Button look="main" icon={FolderOpen} onPress={() => { go({ at: 'case', child: child.id }); }}>{t('intake.ref.to_case')}</Button>}
                </>
            )}>
            {!r && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={8} onRetry={reload} />)}
            {r && <StateNote referral={r} school={school} saved={saved} />}
            {r && <MissingNote referral={r} />}
            {r && writes && <ReferralForm key={r.version} referral={r} onSaved={changed} onScan={set} onReload={reload} />}
            {r && !writes && (
                <div className="intake-split">
                    <ReferralFacts referral={r} />
                    <div className="intake-side">
                        {!school && r.closed === null && <ReviewPanel referral={r} onChanged={changed} onReload={reload} />}
                        <LimitsCard limits={r.recommendation} />
                        {!school && <MedicalBox key={id} referral={r} />}
                    </div>
                </div>
            )}
            {r && leaving && <WithdrawSheet referral={r} onClose={() => { setLeaving(false); }} onDone={changed} onReload={() => { setLeaving(false); reload(); }} />}
        </OfficePage>
    );
}
