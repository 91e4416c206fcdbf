// SPDX-License-Identifier: Apache-2.0
//
// The steps of a case: done, under way, waiting; the word says it, not the colour.
import { Check } from 'lucide-react';
import type { ChildCase } from '../../core/api.gen.ts';
import { caseSteps, type Step } from '../../core/case-steps.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';

export function CaseChain({ file }: { file: ChildCase }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const words = (s: Step): string => {
        if (s.name === 'referral') return t('intake.case.step.accepted', { day: fmt.dayMonth(file.opened, me.tz) });
        if (s.state === 'done') return t('intake.case.step.done');
        if (s.state === 'waits') return t('intake.case.step.waits');
        return s.missing > 0 ? t('intake.case.step.now', { n: s.missing }) : t('intake.case.step.ahead');
    };
    return (
        <ol className="case-chain" aria-label={t('intake.case.chain')}>
            {caseSteps(file).map((s, i) => (
                <li key={s.name} className={s.state} aria-current={s.state === 'now' ? 'step' : undefined}>
                    <span className="case-dot" aria-hidden>{s.state === 'done' ? <Check className="icon" /> : i + 1}</span>
                    <span><span className="strong">{t(`intake.case.step.${s.name}`)}</span><span className="intake-sub">{words(s)}</span></span>
                </li>
            ))}
        </ol>
    );
}
