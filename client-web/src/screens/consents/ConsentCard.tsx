// SPDX-License-Identifier: Apache-2.0
//
// One consent: its words, how it stands and since when, what stops without it, and what the reader may do.
import { CircleCheck, CircleHelp, CircleMinus, Clock, FileText } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Consent, ConsentState } from '../../core/api.gen.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import type { Icon } from '../../ui/icon.ts';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { wordsOf } from './words.ts';

const LOOK: Record<ConsentState, [Tone, Icon]> = {
    none: ['plain', CircleHelp], asked: ['info', CircleHelp], given: ['ok', CircleCheck],
    refused: ['plain', CircleMinus], withdrawn: ['plain', CircleMinus], expired: ['warn', Clock],
};

export type Wish = 'given' | 'refused' | 'withdraw' | 'ask' | 'paper';

export function ConsentCard({ consent: c, tz, first, pending, onWish }: {
    consent: Consent; tz: string;
    /** of the page: its button is the main one */
    first: boolean; pending: boolean; onWish: (wish: Wish) => void;
}) {
    const { t } = useI18n();
    const words = wordsOf(c.kind, c.words);
    const [tone, icon] = LOOK[c.state];
    return (
        <section className="card consent" aria-labelledby={`consent-${c.kind}`}>
            <div className="consent-head">
                <h2 id={`consent-${c.kind}`}>{t(`consents.kind.${c.kind}`)}</h2>
                <Chip tone={tone} icon={icon}>{t(`consents.state.${c.state}`)}</Chip>
            </div>
            <p>{t(words ?? 'consents.words.unknown')}</p>
            <p className="quiet">{t(`consents.stops.${c.kind}`)}{(c.kind === 'lessons' || c.kind === 'group') && c.state === 'given' && ` ${t('consents.carries', { n: c.lessons.length })}`}</p>
            <Facts consent={c} tz={tz} />
            <Doings consent={c} known={words !== null} first={first} pending={pending} onWish={onWish} />
        </section>
    );
}

function Facts({ consent: c, tz }: { consent: Consent; tz: string }) {
    const { t, fmt } = useI18n();
    const on = (ms: number) => ({ day: fmt.dayMonthYear(ms, tz) });
    const asked = c.asked !== null && c.asked > (c.given ?? 0);
    const lines = [
        c.given !== null && c.given_by && t('consents.fact.given', { ...on(c.given), name: c.given_by.name, n: c.agreed_words ?? 0 }),
        c.entered_by && t('consents.fact.paper', { name: c.entered_by.name }),
        c.expires !== null && c.withdrawn === null && t(c.state === 'expired' ? 'consents.fact.expired' : 'consents.fact.expires', on(c.expires)),
        c.withdrawn !== null && t('consents.fact.withdrawn', on(c.withdrawn)),
        asked && t('consents.fact.asked', on(c.asked ?? 0)),
        asked && c.refused !== null && t('consents.fact.refused', on(c.refused)),
        isOld(c) && t('consents.fact.new_words'),
    ].filter(Boolean) as string[];
    return lines.length > 0 && <p className="quiet small">{lines.join(' ')}</p>;
}

const isOld = (c: Consent): boolean => c.state === 'given' && c.agreed_words !== c.words;

function Doings({ consent: c, known, first, pending, onWish }: { consent: Consent; known: boolean; first: boolean; pending: boolean; onWish: (wish: Wish) => void }) {
    const { t } = useI18n();
    const me = useMe();
    const family = me.role === 'guardian';
    const open = c.state !== 'given' || isOld(c);
    const unanswered = c.state === 'asked' || (isOld(c) && c.asked !== null && c.refused === null);
    const kind = t(`consents.kind.${c.kind}`);
    const does = (wish: Wish) => () => { onWish(wish); };
    return (
        <div className="consent-doings">
            {family && open && known && <Button look={first ? 'main' : 'soft'} isPending={pending} onPress={does('given')} aria-label={t('consents.agree_to', { kind })}>{t('consents.agree')}</Button>}
            {family && unanswered && known && <Button onPress={does('refused')} aria-label={t('consents.refuse_to', { kind })}>{t('consents.refuse')}</Button>}
            {!family && open && !unanswered && <Button look="soft" isPending={pending} onPress={does('ask')} aria-label={t('consents.ask_for', { kind })}>{t('consents.ask')}</Button>}
            {!family && open && known && <Button onPress={does('paper')} aria-label={t('consents.paper_for', { kind })}>{t('consents.paper')}</Button>}
            {c.paper !== null && <LinkButton look="link" icon={FileText} href={api.consentPaper(c.paper)} download>{t('consents.paper_see')}</LinkButton>}
            {c.state === 'given' && <Button look="link" onPress={does('withdraw')} aria-label={t('consents.withdraw_of', { kind })}>{t('consents.withdraw')}</Button>}
        </div>
    );
}
