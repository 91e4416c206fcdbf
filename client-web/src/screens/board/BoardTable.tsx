// SPDX-License-Identifier: Apache-2.0
//
// Lessons around now on one shared clock: mentor above, child below, the window behind.
import { Fragment } from 'react';
import type { Board, BoardLesson } from '../../core/api.gen.ts';
import { boardAxis, ticks } from '../../core/board-axis.ts';
import { wholeMinutes } from '../../core/wall.ts';
import type { Axis } from '../../core/strip.ts';
import { useI18n } from '../../i18n/index.tsx';
import { LessonChip } from '../../ui/LessonChip.tsx';
import { Strip, StripKey } from '../../ui/Strip.tsx';
import { SubjectBar } from '../../ui/SubjectTile.tsx';
import { NoShowPanel } from '../noshow/NoShowPanel.tsx';
import '../../ui/table.css';

const SINCE: readonly string[] = ['resting', 'paused'];

export function BoardTable({ board, now, onOpen, onChanged }: { board: Board; now: number; onOpen: (id: number) => void; onChanged: () => void }) {
    const { t, fmt } = useI18n();
    const axis = boardAxis(now);
    return (
        <section className="card" aria-labelledby="board-around">
            <div className="panel-head">
                <h2 id="board-around">{t('board.around')}</h2>
                <StripKey mentor={t('strip.mentor')} child={t('strip.child')} lesson={t('strip.window')} now={t('strip.now')} />
            </div>
            {board.lessons.length === 0 ? <p className="board-none quiet">{t('board.no_lessons')}</p> : (
                <table className="table cards board-table">
                    <thead>
                        <tr>
                            <th>{t('board.time')}</th><th>{t('board.lesson')}</th><th>{t('board.mentor')}</th>
                            <th className="board-axis"><span className="spoken">{t('board.presence')}</span>
                                <span className="board-ticks" aria-hidden>{ticks(axis).map((k) => <span key={k.at} style={{ left: `${k.share * 100}%` }}>{fmt.clock(k.at, board.tz)}</span>)}</span>
                            </th>
                            <th>{t('board.together')}</th><th>{t('board.state')}</th>
                        </tr>
                    </thead>
                    <tbody>{board.lessons.map((l) => (
                        <Fragment key={l.id}>
                            <Row lesson={l} tz={board.tz} now={now} axis={axis} onOpen={onOpen} />
                            {l.no_show && <tr className="no-show-row"><td colSpan={6}><NoShowPanel lesson={l.id} brief={l.no_show} tz={board.tz} onChanged={onChanged} /></td></tr>}
                        </Fragment>
                    ))}</tbody>
                </table>
            )}
        </section>
    );
}

function Row({ lesson: l, tz, now, axis, onOpen }: { lesson: BoardLesson; tz: string; now: number; axis: Axis; onOpen: (id: number) => void }) {
    const { t, fmt } = useI18n();
    const names = fmt.list(l.children.map((c) => c.name));
    const minutes = wholeMinutes(l.contact_ms);
    const since = l.since !== null && SINCE.includes(l.chip) ? wholeMinutes(now - l.since) : undefined;
    return (
        <tr>
            <td className="time">{fmt.clock2(l.start, tz)}</td>
            <th scope="row">
                <button type="button" className="row-button" data-row onClick={() => { onOpen(l.id); }}>
                    <SubjectBar subject={l.subject} /><span>{names}<span className="row-sub">{t(`subject.${l.subject}`)}</span></span>
                </button>
            </th>
            <td>{l.mentor.name}</td>
            <td className="board-axis"><Strip strip={l.lanes} axis={axis} now={now} label={t('board.strip', { minutes })} /></td>
            <td className="time">{minutes > 0 ? t('common.minutes_short', { n: minutes }) : '–'}{l.drops > 0 && <span className="row-sub">{t('card.drops', { n: l.drops })}</span>}</td>
            <td><LessonChip chip={l.chip} minutes={since} /></td>
        </tr>
    );
}
