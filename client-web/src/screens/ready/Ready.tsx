// SPDX-License-Identifier: Apache-2.0
//
// The ready check: no surprises at the bell. Each row says how it stands and its cure; "I am ready" is
// never blocked, and what was found is written down for the coordinator.
import { useState } from 'react';
import { Check } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Animal, CheckResult, ReadyCheck } from '../../core/api.gen.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useSelfPicture, type PictureState } from '../../hooks/useSelfPicture.ts';
import { useMe, useSession } from '../../hooks/useSession.tsx';
import { useVoice, type VoiceState } from '../../hooks/useVoice.ts';
import { useWay, type WayFound } from '../../hooks/useWay.ts';
import { speakTo } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { CameraRow } from './CameraRow.tsx';
import { SeatPanel } from './SeatPanel.tsx';
import { SoundRow, type Heard } from './SoundRow.tsx';
import { VoiceRow } from './VoiceRow.tsx';
import { WayRow } from './WayRow.tsx';
import './ready.css';

const SOUND: Record<Heard, CheckResult> = { unasked: 'skipped', asked: 'skipped', yes: 'ok', no: 'failed' };
const VOICE: Record<VoiceState, CheckResult> = { ask: 'skipped', asking: 'skipped', listening: 'skipped', silent: 'failed', heard: 'ok', blocked: 'blocked', missing: 'failed' };
const CAMERA: Record<PictureState, CheckResult> = { off: 'skipped', asking: 'skipped', on: 'ok', blocked: 'blocked', missing: 'failed' };

/** What the path test found, for the note; nothing if it could not be made. */
function pathOf(way: WayFound): Pick<ReadyCheck, 'path' | 'rtt_ms' | 'loss_permille'> {
    if (way.kind !== 'told') return { path: way.kind === 'none' ? 'none' : 'websocket' };
    const { test } = way;
    return {
        path: test.udp ? 'udp' : test.websocket ? 'websocket' : 'none',
        ...(test.rtt_ms === null ? {} : { rtt_ms: test.rtt_ms }),
        ...(test.loss_permille === null ? {} : { loss_permille: test.loss_permille }),
    };
}

export default function Ready({ lesson }: { lesson: number | null }) {
    const { t } = useI18n();
    const me = useMe();
    const { patch } = useSession();
    const { go } = useRouter();
    const [heard, setHeard] = useState<Heard>('unasked');
    const [notSaved, setNotSaved] = useState(false);
    const voice = useVoice();
    const way = useWay();
    const picture = useSelfPicture();
    const who = speakTo(me.role);
    const soundNow = heard === 'unasked' || heard === 'asked';

    const choose = (animal: Animal) => { setNotSaved(false); patch({ animal }).catch(() => { setNotSaved(true); }); };
    const ready = () => {
        const found = { sound: SOUND[heard], voice: VOICE[voice.state], camera: CAMERA[picture.state] };
        // The way may still be tried; the door does not wait for it, nor for this note to arrive.
        void way.result().then((r) => api.ready({ ...found, ...pathOf(r), ...(lesson ? { lesson } : {}) }))
            .catch(() => undefined);
        go(lesson ? { at: 'lesson', id: lesson } : { at: 'home' });
    };
    return (
        <FamilyPage title={t('ready.title')} end={<HelpButton call={{ place: 'ready', ...(lesson ? { lesson } : {}) }} />}>
            <div className="ready">
                <SeatPanel track={picture.track} animal={me.animal} onAnimal={choose} who={who} />
                <ul className="ready-rows">
                    <SoundRow heard={heard} onHeard={setHeard} turn={soundNow} lesson={lesson} who={who} />
                    <VoiceRow state={voice.state} meter={voice.meter} onStart={voice.start} turn={!soundNow || voice.state === 'listening'} lesson={lesson} who={who} />
                    <WayRow found={way.found} onRetry={way.retry} lesson={lesson} who={who} />
                    <CameraRow state={picture.state} animal={me.animal} onToggle={picture.toggle} lesson={lesson} who={who} />
                </ul>
            </div>
            {notSaved && <Note tone="warn" role="alert"><p>{t('settings.not_saved', { who })}</p></Note>}
            <Button look="main" big wide icon={Check} onPress={ready}>{t('ready.ready', { who })}</Button>
        </FamilyPage>
    );
}
