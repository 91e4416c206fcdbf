// SPDX-License-Identifier: Apache-2.0
//
// The floor of a seminar or meeting: the hands in the order in which they are called, who has the word,
// and for the host the ways to give and take it. Everybody sees the same queue.
import { ChevronLeft, ChevronRight, Hand, MicOff, Mic, X } from 'lucide-react';
import { useState } from 'react';
import { handPlace, hasWord } from '../../core/group.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import type { RoomModel } from './useRoom.ts';

/** The head of the queue is enough for who only waits: no list to scroll. */
const GUEST_SEES = 6;

const nameOf = (room: RoomModel, id: number): string => room.view.lesson.members.find((m) => m.id === id)?.name ?? '';

function Queue({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const all = room.view.lesson.floor.hands;
    const hands = room.isMentor ? all : all.slice(0, GUEST_SEES);
    if (hands.length === 0) return <p className="quiet">{t('room.floor_hands', { n: 0 })}</p>;
    return (
        <>
            <ol className="floor-list">
                {hands.map(({ member, spoke }) => {
                    const name = nameOf(room, member);
                    return (
                        <li key={member}>
                            <span className="floor-name">{name}{!spoke && <span className="quiet"> {t('room.floor_new')}</span>}</span>
                            {room.isMentor && <Button look="soft" icon={Mic} aria-label={t('room.floor_give_to', { name })} onPress={() => { room.session.send({ type: 'word', member, give: true }); }}>{t('room.floor_give')}</Button>}
                            {room.isMentor && <IconButton icon={X} name={t('room.floor_lower', { name })} onPress={() => { room.session.send({ type: 'lower', member }); }} />}
                        </li>
                    );
                })}
            </ol>
            {room.isMentor && hands.length > 1 && <Button onPress={() => { room.session.send({ type: 'lower', member: 0 }); }}>{t('room.floor_lower_all')}</Button>}
        </>
    );
}

export function FloorList({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const s = room.view.lesson;
    const having = s.members.filter((m) => hasWord(s, m.id)).slice(0, room.isMentor ? s.members.length : GUEST_SEES);
    return (
        <div className="floor">
            <Queue room={room} />
            <h3>{t('room.floor_having')}</h3>
            <ul className="floor-list">
                {having.map((m) => (
                    <li key={m.id}>
                        <span className="floor-name">{m.name}{m.seat === 'mentor' && <span className="quiet"> {t('room.floor_host')}</span>}</span>
                        {room.isMentor && m.id !== s.me && <IconButton icon={MicOff} name={t('room.floor_take', { name: m.name })} onPress={() => { room.session.send({ type: 'word', member: m.id, give: false }); }} />}
                    </li>
                ))}
            </ul>
            <p className="quiet">{t('room.floor_people', { n: s.members.length })}</p>
        </div>
    );
}

/** What is true of me, in one sentence. */
function Standing({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const s = room.view.lesson;
    const place = handPlace(s, s.me);
    if (room.isMentor) return null;
    const words = place > 0 ? t('room.floor_raised', { n: place }) : hasWord(s, s.me) ? t('room.floor_word') : t('room.floor_listen');
    return <p className="floor-standing" role="status">{words}</p>;
}

/** Below the stage: my standing, the pages, the queue. */
export function FloorBar({ room, list }: { room: RoomModel; list: boolean }) {
    const { t } = useI18n();
    const [open, setOpen] = useState(false);
    const { group } = room;
    if (!group) return null;
    const n = room.view.lesson.floor.hands.length;
    return (
        <div className="floor-bar">
            <Standing room={room} />
            {group.pages > 0 && (
                <div className="floor-pages" role="group" aria-label={t('room.pages')}>
                    <IconButton icon={ChevronLeft} framed name={t('room.page_back')} isDisabled={group.page === 0} onPress={() => { group.turn(-1); }} />
                    <span role="status">{group.page === 0 ? t('room.page_speaking') : t('room.page', { n: group.page, all: group.pages })}</span>
                    <IconButton icon={ChevronRight} framed name={t('room.page_on')} isDisabled={group.page === group.pages} onPress={() => { group.turn(1); }} />
                </div>
            )}
            {list && <Button icon={Hand} onPress={() => { setOpen(true); }}>{t('room.floor_hands', { n })}</Button>}
            <Sheet open={open} onClose={() => { setOpen(false); }} title={t('room.floor_title')}><FloorList room={room} /></Sheet>
        </div>
    );
}
