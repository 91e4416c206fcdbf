// SPDX-License-Identifier: Apache-2.0
//
// What one has to know of a section at a glance: for whom, where, and whether it takes anybody.
import { FileText, Wifi } from 'lucide-react';
import type { Section } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';

export function SectionFacts({ section: s }: { section: Section }) {
    const { t } = useI18n();
    const where = s.online ? null : [s.place, s.travel_minutes > 0 && t('sections.way', { n: s.travel_minutes })].filter(Boolean).join(' · ');
    return (
        <>
            <div className="section-chips">
                <Chip>{t(`sections.kinds.${s.kind}`)}</Chip>
                <Chip>{t('sections.ages', { from: s.age_from, to: s.age_to })}</Chip>
                {s.online && <Chip tone="info" icon={Wifi}>{t('sections.online')}</Chip>}
                {s.paper_needed && <Chip tone="warn" icon={FileText}>{t('sections.paper')}</Chip>}
                {!s.open && <Chip tone="warn">{t('sections.closed')}</Chip>}
            </div>
            {where && <p>{where}</p>}
        </>
    );
}
