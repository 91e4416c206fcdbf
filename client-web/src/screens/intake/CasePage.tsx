// SPDX-License-Identifier: Apache-2.0
//
// A child's case: where it stands, what is missing and who owes it, the limits, the mentors, and the
// way to every page of this child.
import { useState } from 'react';
import { Archive } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import type { ChildCase, ChildItem, Referral, RecommendationLimits } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { CaseChain } from './CaseChain.tsx';
import { CaseLinks } from './CaseLinks.tsx';
import { CaseMentors } from './CaseMentors.tsx';
import { CaseMissing } from './CaseMissing.tsx';
import { CloseSheet } from './CloseSheet.tsx';
import { FamilyWay } from './FamilyWay.tsx';
import { LimitsCard } from './LimitsCard.tsx';
import { MedicalBox } from './MedicalBox.tsx';
import { CASE_TONE } from './states.ts';
import './intake.css';

interface Loaded { file: ChildCase; child: ChildItem | null; limits: RecommendationLimits | null; referral: Referral | null }

const orNull = <V,>(problem: unknown): V | null => {
    if (problem instanceof Refused && problem.status === 404) return null;
    throw problem;
};

/** Everything of one page at once. The referral may be another school's: then there is none to show. */
async function load(id: number, signal: AbortSignal): Promise<Loaded> {
    const file = await api.childCase(id, signal);
    const [children, limits, referral] = await Promise.all([
        api.children(file.child.name, undefined, signal), api.childLimits(id, signal), api.referral(file.referral, signal).catch((e: unknown) => orNull<Referral>(e)),
    ]);
    return { file, child: children.items.find((c) => c.child.id === id) ?? null, limits: limits.limits, referral };
}

export default function CasePage({ child: id }: { child: number }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const link = useLink();
    const office = me.role === 'coordinator';
    const { data, error, reload, set } = useLoad(`case ${id}`, (signal) => load(id, signal));
    const [closing, setClosing] = useState(false);
    const none = error instanceof Refused && error.status === 404;
    const file = data?.file;
    const name = file ? (data.child ? t('intake.case.head', { name: file.child.name, grade: data.child.grade }) : file.child.name) : t('intake.case.title');
    return (
        <OfficePage title={name} sub={data?.child?.school.name ?? ''}
            crumb={<>{office ? <a {...link({ at: 'register' })}>{t('intake.register.title')}</a> : <a {...link({ at: 'referrals' })}>{t('intake.list.title')}</a>}{file && ` › ${file.register_no}`}</>}
            facts={file && <Chip tone={CASE_TONE[file.state]}>{t(`intake.case.state.${file.state}`)}</Chip>}
            actions={office && file && file.state !== 'closed' && <Button icon={Archive} onPress={() => { setClosing(true); }}>{t('intake.case.close')}</Button>}>
            {!data && none && <div className="card"><Empty icon={Archive} sentence={t('intake.case.none')} /></div>}
            {!data && !none && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={8} onRetry={reload} />)}
            {file && file.reason && <Note tone={file.state === 'closed' ? 'plain' : 'warn'}><p>{file.closed === null ? t('intake.case.suspended', { reason: t(`intake.case.reason.${file.reason}`) })
                : t('intake.case.closed', { day: fmt.dayMonth(file.closed, me.tz), reason: t(`intake.case.reason.${file.reason}`) })}</p></Note>}
            {file && <CaseChain file={file} />}
            {data && file && (
                <div className="intake-split">
                    <div className="intake-side">
                        {file.state !== 'closed' && <CaseMissing file={file} />}
                        {office && file.state !== 'closed' && <FamilyWay child={id} main={file.missing.some((m) => m.gate === 'guardian')} onMade={reload} />}
                        <CaseMentors mentors={data.child?.mentors ?? []} />
                        <CaseLinks child={id} referral={data.referral?.id ?? null} />
                    </div>
                    <div className="intake-side">
                        <LimitsCard limits={data.limits} />
                        {office && data.referral && <MedicalBox key={data.referral.id} referral={data.referral} />}
                    </div>
                </div>
            )}
            {data && file && closing && <CloseSheet file={file} onClose={() => { setClosing(false); }} onDone={(next) => { setClosing(false); set({ ...data, file: next }); }} />}
        </OfficePage>
    );
}
