// SPDX-License-Identifier: Apache-2.0
//
// What happened at the doors, newest first.
import { Bed, Eye, LifeBuoy, LogIn, LogOut, MicOff, MonitorUp, UserX, WifiOff, type LucideIcon } from 'lucide-react';
import type { Board, DoorEvent } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';

const LOOK: Record<DoorEvent['kind'], { icon: LucideIcon; tone: string }> = {
    refused: { icon: UserX, tone: 'bad' }, joined: { icon: LogIn, tone: '' }, left: { icon: LogOut, tone: '' }, lost: { icon: WifiOff, tone: 'warn' },
    taken_over: { icon: MonitorUp, tone: '' }, rest: { icon: Bed, tone: 'info' }, visitor: { icon: Eye, tone: '' },
    help: { icon: LifeBuoy, tone: 'warn' }, not_today: { icon: Bed, tone: 'info' }, ready_failed: { icon: MicOff, tone: 'warn' },
};

export function DoorLog({ board }: { board: Board }) {
    const { t, fmt } = useI18n();
    const words = (e: DoorEvent) => t(`door_log.${e.kind}`, { name: e.person?.name ?? '', code: e.code ?? 'other', n: e.count });
    return (
        <section className="card door-log" aria-labelledby="board-door">
            <div className="panel-head"><h2 id="board-door">{t('board.door')}</h2></div>
            {board.door.length === 0 ? <p className="board-none quiet">{t('board.door_empty')}</p> : (
                <ol tabIndex={0} aria-labelledby="board-door">
                    {board.door.map((e, i) => {
                        const { icon: Icon, tone } = LOOK[e.kind];
                        return <li key={`${e.at} ${i}`}><span className="quiet tabular">{fmt.clock2(e.at, board.tz)}</span><Icon className={`icon ${tone}`} aria-hidden /><span>{words(e)}</span></li>;
                    })}
                </ol>
            )}
        </section>
    );
}
