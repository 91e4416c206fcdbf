// SPDX-License-Identifier: Apache-2.0
import { Video, VideoOff } from 'lucide-react';
import type { Animal } from '../../core/api.gen.ts';
import type { PictureState } from '../../hooks/useSelfPicture.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Row, type RowState } from './Row.tsx';

/** Off is a normal answer: the animal sits at the desk then. */
export function CameraRow({ state, animal, onToggle, lesson, who }: {
    state: PictureState; animal: Animal; onToggle: () => void; lesson: number | null; who: 'child' | 'adult';
}) {
    const { t } = useI18n();
    const failed = state === 'blocked' || state === 'missing';
    const row: RowState = failed ? 'failed' : state === 'on' ? 'done' : 'idle';
    const text = state === 'on' ? t('ready.camera_on_text', { who })
        : state === 'blocked' ? t('room.camera_blocked', { who })
        : state === 'missing' ? t('room.camera_missing', { who })
        : t('ready.camera_off_text', { who, animal });
    return (
        <Row state={row} icon={state === 'on' ? Video : VideoOff} title={t(state === 'on' ? 'ready.camera_on' : 'ready.camera_off')} text={text}
            end={<Button onPress={onToggle} isPending={state === 'asking'}>{t(state === 'on' ? 'ready.hide_me' : 'ready.show_me')}</Button>}
            help={failed ? { code: `camera_${state}`, lesson } : undefined} />
    );
}
