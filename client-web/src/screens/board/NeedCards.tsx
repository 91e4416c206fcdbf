// SPDX-License-Identifier: Apache-2.0
//
// Who needs the coordinator: a child alone first, then no-shows, then links. Each card says what is and
// offers the next step; only the first card's first step is filled.
import { Bed, Hourglass, LifeBuoy, PhoneCall, UserX } from 'lucide-react';
import type { Board, Card } from '../../core/api.gen.ts';
import { phoneHref } from '../../core/phone.ts';
import { wall } from '../../core/wall.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import type { Icon as IconType } from '../../ui/icon.ts';
import { WeakLink } from '../../ui/LinkBars.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import type { Mode } from '../lesson/LessonActions.tsx';

const ICONS: Record<Card['kind'], IconType> = { mentor_missing: UserX, child_missing: Hourglass, link: WeakLink, help: LifeBuoy, not_today: Bed };

/** 12:04, hours if it comes to that. */
function elapsed(ms: number): string {
    const s = Math.max(0, Math.floor(ms / 1000));
    const two = (n: number) => String(n).padStart(2, '0');
    return s < 3600 ? `${two(Math.floor(s / 60))}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

export function NeedCards({ board, now, onOpen }: { board: Board; now: number; onOpen: (id: number, mode?: Mode) => void }) {
    const { t } = useI18n();
    if (board.cards.length === 0) return <p className="card need-none">{t('board.quiet', { n: board.counts.under_way })}</p>;
    return (
        <ul className="need-cards" aria-label={t('board.need_you')}>
            {board.cards.map((card, i) => <NeedCard key={`${card.kind}${card.lesson}${card.child?.id}`} card={card} tz={board.tz} now={now} first={i === 0} onOpen={onOpen} />)}
        </ul>
    );
}

function NeedCard({ card, tz, now, first, onOpen }: { card: Card; tz: string; now: number; first: boolean; onOpen: (id: number, mode?: Mode) => void }) {
    const { t, fmt } = useI18n();
    const Icon = ICONS[card.kind];
    const missing = card.kind === 'mentor_missing' ? card.mentor : card.child;
    const clock = (ms: number | null) => (ms === null ? '' : wall(ms, tz).date === wall(now, tz).date ? fmt.clock(ms, tz) : fmt.dayTime(ms, tz));
    return (
        <li className={`card need-card ${card.kind}`}>
            <div className="need-head">
                <Icon className="icon" aria-hidden />
                <h2>{t(`card.${card.kind}`)}</h2>
                <span className="need-since">{card.kind === 'link' ? t('card.drops', { n: card.drops }) : elapsed(now - card.since)}</span>
            </div>
            <p>
                <span className="strong">{card.child?.name ?? card.mentor?.name}</span>
                {card.subject && card.start !== null && <>, {t('card.lesson', { subject: t(`subject.${card.subject}`), time: clock(card.start) })}</>}
            </p>
            <p className="quiet">{t(`card.text.${card.kind}`, {
                mentor: card.mentor?.name ?? '', tried: card.last_try === null ? 'no' : 'yes', last: clock(card.last_try),
                waits: card.child_since === null ? 'no' : 'yes', since: clock(card.child_since), at: clock(card.since),
            })}</p>
            <div className="need-actions">
                {card.phone && <LinkButton look={first ? 'main' : 'plain'} icon={PhoneCall} href={phoneHref(card.phone)}>{t('card.call', { name: missing?.given ?? '', whose: card.kind === 'mentor_missing' ? 'mentor' : 'family' })}</LinkButton>}
                {card.lesson !== null && card.kind === 'mentor_missing' && <Button onPress={() => { onOpen(card.lesson ?? 0, 'substitute'); }}>{t('card.substitute')}</Button>}
                {card.lesson !== null && card.kind !== 'mentor_missing' && <Button look={first && !card.phone ? 'main' : 'plain'} onPress={() => { onOpen(card.lesson ?? 0); }}>{t('card.open')}</Button>}
            </div>
        </li>
    );
}
