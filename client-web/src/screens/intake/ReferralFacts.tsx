// SPDX-License-Identifier: Apache-2.0
//
// What the school sent, without a doctor's word.
import type { Referral } from '../../core/api.gen.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { usePaperWords } from './usePaperWords.ts';

export function ReferralFacts({ referral: r }: { referral: Referral }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const words = usePaperWords();
    const none = t('intake.ref.not_given');
    const day = (date: string | null) => (date ? fmt.dayYear(date) : none);
    const facts: [string, string][] = [
        [t('intake.item.child_name'), r.child_name ?? none], [t('intake.item.birth_date'), day(r.birth_date)], [t('intake.item.grade'), r.grade === null ? none : String(r.grade)],
        [t('intake.list.school'), r.school.name], [t('intake.item.guardian_name'), r.guardian_name ?? none], [t('intake.item.guardian_phone'), r.guardian_phone ?? none],
        [t('intake.item.application'), day(r.application)], [t('intake.item.consent'), day(r.consent)],
        [t('intake.list.submitted'), r.submitted === null ? '–' : fmt.dayMonth(r.submitted, me.tz)],
        [t('intake.list.waits'), t('intake.list.days', { n: r.waiting_days })],
    ];
    const papers = [[t('intake.ref.basis'), r.basis] as const, [t('intake.ref.recommendation'), r.recommendation] as const];
    return (
        <section className="card intake-card" aria-labelledby="referral-facts">
            <h2 id="referral-facts">{t('intake.ref.facts')}</h2>
            <dl className="intake-facts">
                {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
                {papers.map(([name, p]) => (
                    <div key={name}>
                        <dt>{name}</dt>
                        <dd>{p ? <>{t('intake.ref.valid_from_to', { from: words.day(p.from), to: words.day(p.to) })} <Chip tone={words.tone(p)}>{words.state(p)}</Chip></> : none}</dd>
                    </div>
                ))}
            </dl>
        </section>
    );
}
