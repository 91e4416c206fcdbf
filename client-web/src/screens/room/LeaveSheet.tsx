// SPDX-License-Identifier: Apache-2.0
//
// Leaving is asked once, because a tired hand slips; ending for everybody likewise.
import { Bed, LogOut } from 'lucide-react';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import type { RoomModel } from './useRoom.ts';

export function LeaveSheet({ room, ask, onClose }: { room: RoomModel; ask: 'leave' | 'end' | null; onClose: () => void }) {
    const { t } = useI18n();
    const { who } = room;
    const end = () => { room.session.send({ type: 'end' }); onClose(); };
    if (ask === 'end')
        return (
            <Sheet open onClose={onClose} title={t('room.end_title')}>
                <p>{t('room.end_text')}</p>
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('room.stay')}</Button>
                    <Button look="main" icon={LogOut} onPress={end}>{t('room.end')}</Button>
                </div>
            </Sheet>
        );
    return (
        <Sheet open={ask === 'leave'} onClose={onClose} title={t('room.leave_title', { who })}>
            <p>{t('room.leave_text', { who })}</p>
            <div className="sheet-actions">
                <Button onPress={onClose}>{t('room.stay')}</Button>
                {room.isChild && <Button icon={Bed} onPress={() => { room.onLeave('tired'); }}>{t('room.leave_tired')}</Button>}
                <Button look="main" icon={LogOut} onPress={() => { room.onLeave('left'); }}>{t('room.leave')}</Button>
            </div>
        </Sheet>
    );
}
