// SPDX-License-Identifier: Apache-2.0
//
// The coordinator's live board: in two seconds, who needs help. A board that has not been heard of for
// ten seconds turns grey and cannot be pressed, so that nothing on it lies.
import { useEffect, useRef, useState } from 'react';
import { RotateCcw } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Board as Facts } from '../../core/api.gen.ts';
import { useBoardKeys } from '../../hooks/useBoardKeys.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useNow } from '../../hooks/useNow.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import type { Mode } from '../lesson/LessonActions.tsx';
import { LessonSheet } from '../lesson/LessonSheet.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { BoardTable } from './BoardTable.tsx';
import { DoorLog } from './DoorLog.tsx';
import { NeedCards } from './NeedCards.tsx';
import { PathAhead } from './PathAhead.tsx';
import './board.css';

const STALE_MS = 10_000;
type Opened = { id: number; mode: Mode } | null;

export default function Board() {
    const { t, fmt } = useI18n();
    const { data: board, error, asOf, reload } = useLoad('board', api.board, 3000);
    const now = useNow(1000);
    const [opened, setOpened] = useState<Opened>(null);
    const root = useRef<HTMLDivElement>(null);
    useBoardKeys(root);
    const heard = board && asOf !== null ? Math.min(asOf, board.as_of + (asOf - board.now)) : null;
    const stale = heard !== null && now - heard > STALE_MS;
    const open = (id: number, mode: Mode = 'view') => { setOpened({ id, mode }); };
    return (
        <OfficePage title={t('board.title')} {...(board ? { sub: t('board.sub', { day: fmt.date(board.date), zone: fmt.zone(board.tz) }) } : {})}
            facts={board && <BoardFacts board={board} now={now} />}>
            {!board && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {board && stale && heard !== null && <Note tone="warn" role="alert"><p>{t('board.stale', { time: fmt.clock(heard, board.tz) })}</p></Note>}
            {board && (
                <div ref={root} className={stale ? 'board stale' : 'board'} inert={stale}>
                    <NeedCards board={board} now={now} onOpen={open} />
                    <div className="office-split">
                        <BoardTable board={board} now={now} onOpen={open} onChanged={reload} />
                        <div className="board-side">
                            <PathAhead tz={board.tz} />
                            <DoorLog board={board} />
                        </div>
                    </div>
                </div>
            )}
            {board && <NewCardSpoken board={board} />}
            {opened && <LessonSheet id={opened.id} start={opened.mode} onClose={() => { setOpened(null); }} onChanged={reload} />}
        </OfficePage>
    );
}

function BoardFacts({ board, now }: { board: Facts; now: number }) {
    const { t, fmt } = useI18n();
    const { counts, safe_restart: safe } = board;
    const facts = [['under_way', counts.under_way], ['need_you', counts.need_you], ['to_come', counts.to_come], ['held', counts.held]] as const;
    return (
        <>
            <dl className="board-counts">
                {facts.map(([name, n]) => <div key={name} className={name === 'need_you' && n > 0 ? 'need' : ''}><dt>{t(`board.count.${name}`, { n })}</dt><dd>{n}</dd></div>)}
            </dl>
            <div className="board-clock">
                {safe && <Chip icon={RotateCcw}>{t('board.safe', { from: fmt.clock(safe.from, board.tz), to: fmt.clock(safe.to, board.tz) })}</Chip>}
                <span className="board-time">{fmt.clock2(now, board.tz)}</span>
            </div>
        </>
    );
}

/** A card that has just come is spoken; the focus stays where it is. */
function NewCardSpoken({ board }: { board: Facts }) {
    const { t } = useI18n();
    const known = useRef<Set<string> | null>(null);
    const [said, setSaid] = useState('');
    useEffect(() => {
        const keys = new Map(board.cards.map((c) => [`${c.kind} ${c.lesson} ${c.child?.id}`, c]));
        const fresh = known.current && [...keys].find(([k]) => !known.current?.has(k))?.[1];
        known.current = new Set(keys.keys());
        if (fresh) setSaid(t('board.new_card', { kind: t(`card.${fresh.kind}`), name: fresh.child?.name ?? fresh.mentor?.name ?? '' }));
    }, [board, t]);
    return <p className="spoken" role="status">{said}</p>;
}
