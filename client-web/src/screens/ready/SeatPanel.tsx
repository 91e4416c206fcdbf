// SPDX-License-Identifier: Apache-2.0
//
// How one will sit in the lesson: the own picture or the animal, and which animal.
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { Video, VideoOff } from 'lucide-react';
import type { Animal as Kind } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { VideoTrack } from '../../ui/Track.tsx';

const KINDS: Kind[] = ['fox', 'owl', 'bear'];

export function SeatPanel({ track, animal, onAnimal, who }: {
    track: MediaStreamTrack | null; animal: Kind; onAnimal: (kind: Kind) => void; who: 'child' | 'adult';
}) {
    const { t } = useI18n();
    return (
        <div className={`ready-seat${track ? ' seen' : ''}`}>
            <p className="ready-plate">{track ? <Video aria-hidden /> : <VideoOff aria-hidden />}{t(track ? 'ready.camera_on' : 'ready.camera_off')}</p>
            <div className="ready-picture">{track ? <VideoTrack track={track} mirrored /> : <Animal kind={animal} size="lg" />}</div>
            <RadioGroup className="ready-animals" value={animal} onChange={(v) => { onAnimal(v as Kind); }} orientation="horizontal">
                <Label>{t('ready.animal', { who })}</Label>
                {KINDS.map((kind) => (
                    <Radio key={kind} value={kind} aria-label={t(`settings.animal.${kind}`)} className="ready-animal"><Animal kind={kind} /></Radio>
                ))}
            </RadioGroup>
        </div>
    );
}
