// SPDX-License-Identifier: Apache-2.0
//
// One mentor: may it be chosen, how many points, what they are made of, what is missing.
import type { Candidate, CandidatePart } from '../../core/api.gen.ts';
import type { Translate } from '../../i18n/translate.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';

const TONES = { ready: 'ok', after_hiring: 'info', barred: 'bad' } as const;

function found(t: Translate, p: CandidatePart): string {
    if (!p.known) return t('candidates.unknown');
    switch (p.part) {
        case 'qualification': return t('candidates.value.qualified', { n: p.value });
        case 'psychology': return t('candidates.value.score', { n: p.value });
        case 'distance': return t('candidates.value.apart', { n: p.value });
        case 'continuity': return t('candidates.value.lessons', { n: p.value });
        default: return t('candidates.value.minutes', { value: p.value, of: p.of });
    }
}

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
                        <dd>{found(t, p)} <span className="quiet small">{t('candidates.points', { points: p.points, weight: p.weight })}</span></dd>
                    </div>
                ))}
            </dl>
            {c.gates.length > 0 && <p className="quiet"><span className="strong">{t('candidates.missing')}:</span> {fmt.list(c.gates.map((g) => t(`candidates.gate.${g.gate}`)))}</p>}
        </article>
    );
}
