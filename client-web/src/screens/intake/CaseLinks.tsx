// SPDX-License-Identifier: Apache-2.0
//
// The pages of this child. A school officer has its own: the log, the programme and the rest are the
// centre's.
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';

export function CaseLinks({ child, referral }: { child: number; referral: number | null }) {
    const { t } = useI18n();
    const link = useLink();
    const office = useMe().role === 'coordinator';
    const pages = [
        ['programme', `/programme/${child}`], ['candidates', `/candidates/${child}`], ['consents', `/consents/${child}`], ['choices', `/choices/${child}`],
        ['week', `/week?of=child-${child}`],
    ] as const;
    if (!office && referral === null) return null;
    return (
        <section className="card intake-card" aria-labelledby="case-pages">
            <h2 id="case-pages">{t('intake.case.pages')}</h2>
            <div className="case-pages">
                {referral !== null && <a {...link({ at: 'referral', id: referral })}>{t('intake.case.page.referral')}</a>}
                {office && pages.map(([name, href]) => <a key={name} href={href}>{t(`intake.case.page.${name}`)}</a>)}
                {office && <a {...link({ at: 'series', of: `child-${child}` })}>{t('series.title')}</a>}
                {office && <a {...link({ at: 'hours', of: 'child', id: child })}>{t('family.hours')}</a>}
                {office && <a {...link({ at: 'log', child, month: null })}>{t('intake.case.page.log')}</a>}
            </div>
        </section>
    );
}
