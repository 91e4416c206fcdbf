// SPDX-License-Identifier: Apache-2.0
import { Mic } from 'lucide-react';
import { VOICE, type VoiceMeter } from '../../core/voice.ts';
import type { VoiceState } from '../../hooks/useVoice.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Row, type RowState } from './Row.tsx';

/** The bars that grow with the voice; the words beside them say the same. */
function Meter({ meter }: { meter: VoiceMeter }) {
    return (
        <svg className="ready-meter" viewBox="0 0 287 44" preserveAspectRatio="none" aria-hidden>
            {meter.levels.map((level, i) => {
                const high = 8 + level * 36;
                return <rect key={i} x={i * 20.7} y={44 - high} width="17.5" height={high} rx="4" className={level >= VOICE ? 'loud' : ''} />;
            })}
        </svg>
    );
}

/** How the browser's own question looks, so that it does not frighten. */
function BrowserAsks() {
    const { t } = useI18n();
    return (
        <svg className="ready-asks" viewBox="0 0 220 96" aria-hidden>
            <rect x="1" y="1" width="218" height="94" rx="10" className="asks-paper" />
            <g transform="translate(14 14) scale(.75)" className="asks-mic">
                <path d="M12 2a3 3 0 0 0-3 3v7a3 3 0 0 0 6 0V5a3 3 0 0 0-3-3Z" /><path d="M19 10v2a7 7 0 0 1-14 0v-2M12 19v3" />
            </g>
            <text x="42" y="29">{t('room.mic')}</text>
            <text x="64" y="74" className="asks-no" textAnchor="middle">{t('ready.browser_block')}</text>
            <rect x="112" y="54" width="98" height="30" rx="15" className="asks-yes" />
            <text x="161" y="74" className="asks-allow" textAnchor="middle">{t('ready.browser_allow')}</text>
        </svg>
    );
}

export function VoiceRow({ state, meter, onStart, turn, lesson, who }: {
    state: VoiceState; meter: VoiceMeter; onStart: () => void; turn: boolean; lesson: number | null; who: 'child' | 'adult';
}) {
    const { t } = useI18n();
    const failed = state === 'blocked' || state === 'missing' || state === 'silent';
    const row: RowState = state === 'heard' ? 'done' : failed ? 'failed' : turn ? 'now' : 'idle';
    const text = {
        ask: t('ready.voice_ask', { who }), asking: t('ready.voice_asking', { who }), listening: t('ready.voice_text', { who }),
        heard: t('ready.voice_heard', { who }), silent: t('ready.voice_silent', { who }),
        blocked: t('room.mic_blocked', { who }), missing: t('room.mic_missing', { who }),
    }[state];
    return (
        <Row state={row} icon={Mic} title={t('ready.voice', { who })} text={text} help={failed ? { code: `mic_${state}`, lesson } : undefined}>
            {(state === 'ask' || state === 'asking') && (
                <><BrowserAsks /><Button icon={Mic} onPress={onStart} isPending={state === 'asking'}>{t('ready.voice_start')}</Button></>
            )}
            {(state === 'listening' || state === 'silent') && <Meter meter={meter} />}
            {(state === 'blocked' || state === 'missing') && <Button icon={Mic} onPress={onStart}>{t('common.try_again')}</Button>}
        </Row>
    );
}
