// SPDX-License-Identifier: Apache-2.0
//
// Leaving is asked once, because a tired hand slips. The mentor chooses between ending the lesson for
// everybody and stepping out for a while.
import { Bed, DoorOpen, LogOut } from 'lucide-react';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import type { RoomModel } from './useRoom.ts';

export function LeaveSheet({ room, open, onClose }: { room: RoomModel; open: boolean; onClose: () => void }) {
    const { t } = useI18n();
    const { who, isMentor } = room;
    const end = () => { room.session.send({ type: 'end' }); onClose(); };
    const leave = () => { room.onLeave('left'); };
    return (
        <Sheet open={open} onClose={onClose} title={isMentor ? t('room.end_title') : t('room.leave_title')}>
            <p>{isMentor ? t('room.end_text') : t('room.leave_text', { who })}</p>
            <div className="sheet-actions">
                <Button onPress={onClose}>{t('room.stay')}</Button>
                {room.isChild && <Button icon={Bed} onPress={() => { room.onLeave('tired'); }}>{t('room.leave_tired')}</Button>}
                {isMentor && <Button icon={DoorOpen} onPress={leave}>{t('room.step_out')}</Button>}
                {isMentor ? <Button look="main" icon={LogOut} onPress={end}>{t('room.end')}</Button>
                    : <Button look="main" icon={LogOut} onPress={leave}>{t('room.leave')}</Button>}
            </div>
        </Sheet>
    );
}
