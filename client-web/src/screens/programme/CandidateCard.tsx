// SPDX-License-Identifier: Apache-2.0
//
// One mentor: may it be chosen, how many points, what they are made of, what is missing.
import type { Candidate } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { foundSentence } from './words.ts';

const TONES = { ready: 'ok', after_hiring: 'info', barred: 'bad' } as const;

export function CandidateCard({ candidate: c, onChoose }: { candidate: Candidate; onChoose: () => void }) {
    const { t, fmt } = useI18n();
    return (
        <article className="card programme-card" aria-label={c.mentor.name}>
            <div className="programme-head">
                <Animal kind={c.mentor.animal} size="sm" />
                <h3>{c.mentor.name}</h3>
                <Chip tone={TONES[c.standing]}>{t(`candidates.standing.${c.standing}`)}</Chip>
                {c.assigned && <Chip>{t('candidates.assigned')}</Chip>}
                <span className="strong candidate-score">{t('candidates.score', { n: c.score })}</span>
                {c.eligible && <Button onPress={onChoose} aria-label={t('candidates.choose_name', { name: c.mentor.name })}>{t('candidates.choose')}</Button>}
            </div>
            <dl className="candidate-parts">
                {c.parts.map((p) => (
                    <div key={p.part}>
                        <dt>{t(`candidates.part.${p.part}`)}</dt>
                        <dd>{foundSentence(t, p)} <span className="quiet small">{t('candidates.points', { points: p.points, weight: p.weight })}</span></dd>
                    </div>
                ))}
            </dl>
            {c.gates.length > 0 && <p className="quiet"><span className="strong">{t('candidates.missing')}:</span> {fmt.list(c.gates.map((g) => t(`candidates.gate.${g.gate}`)))}</p>}
        </article>
    );
}
