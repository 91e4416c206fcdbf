// SPDX-License-Identifier: Apache-2.0
import { Toolbar } from 'react-aria-components';
import { Play, RotateCcw, Volume2 } from 'lucide-react';
import { useTone } from '../../hooks/useTone.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Row, type RowState } from './Row.tsx';

/** Whether the tune was heard; only the person can say. */
export type Heard = 'unasked' | 'asked' | 'yes' | 'no';

export function SoundRow({ heard, onHeard, turn, lesson, who }: {
    heard: Heard; onHeard: (h: Heard) => void; turn: boolean; lesson: number | null; who: 'child' | 'adult';
}) {
    const { t } = useI18n();
    const { playing, play } = useTone();
    const state: RowState = heard === 'yes' ? 'done' : heard === 'no' ? 'failed' : turn ? 'now' : 'idle';
    const again = () => { play(); onHeard('asked'); };
    const text = { unasked: t('ready.sound_text', { who }), asked: t('ready.sound_question', { who }), yes: t('ready.sound_yes', { who }), no: t('ready.sound_no', { who }) }[heard];
    return (
        <Row state={state} icon={Volume2} title={t('ready.sound')} text={text} help={heard === 'no' ? { code: 'sound_failed', lesson } : undefined}>
            {heard === 'unasked' && <Button icon={Play} onPress={again}>{t('ready.play')}</Button>}
            {heard === 'asked' && (
                <Toolbar aria-label={t('ready.sound_question', { who })} className="ready-answers">
                    <Button onPress={() => { onHeard('yes'); }}>{t('ready.yes')}</Button>
                    <Button onPress={() => { onHeard('no'); }}>{t('ready.no')}</Button>
                    <Button icon={RotateCcw} onPress={again} isPending={playing}>{t('ready.again')}</Button>
                </Toolbar>
            )}
            {heard === 'no' && <Button icon={RotateCcw} onPress={again}>{t('ready.again')}</Button>}
        </Row>
    );
}
