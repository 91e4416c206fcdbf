// SPDX-License-Identifier: Apache-2.0
//
// One paper of a referral in the form: what is there, without a doctor's word, and the way to write it
// anew as a whole.
import type { ReactNode } from 'react';
import type { ReferralBasis } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { usePaperWords } from './usePaperWords.ts';

export function PaperSlot({ title, paper, writing, onWrite, scan, children }: {
    title: string; paper: Pick<ReferralBasis, 'state' | 'from' | 'to' | 'days_left' | 'alert'> | null; writing: boolean; onWrite: (on: boolean) => void; scan: ReactNode; children: ReactNode;
}) {
    const { t } = useI18n();
    const words = usePaperWords();
    return (
        <section className="card intake-card" aria-label={title}>
            <h2>{title}{paper && <Chip tone={words.tone(paper)}>{words.state(paper)}</Chip>}</h2>
            {!writing && <p className="quiet">{paper ? t('intake.ref.kept', { from: words.day(paper.from), to: words.day(paper.to) }) : t('intake.ref.paper_none')}</p>}
            {writing && <p className="quiet small">{t('intake.ref.sealed_hint')}</p>}
            {children}
            {paper && !writing && scan}
            <div className="intake-actions">
                <Button onPress={() => { onWrite(!writing); }}>{t(writing ? 'intake.ref.leave' : paper ? 'intake.ref.replace' : 'intake.ref.write')}</Button>
            </div>
        </section>
    );
}
