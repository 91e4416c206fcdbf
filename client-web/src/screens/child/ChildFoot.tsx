// SPDX-License-Identifier: Apache-2.0
//
// Check the sound, and "today I can't": the coordinator is told, nothing is lost by it.
import { useState } from 'react';
import { Bed, Headphones, Shapes } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Day } from '../../core/api.gen.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { MarksLink } from '../marks/MarksLink.tsx';
import { InvitedLink } from './InvitedLink.tsx';

export function ChildFoot({ day }: { day: Day | null }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const link = useLink();
    const me = useMe();
    const [asking, setAsking] = useState(false);
    return (
        <div className="child-foot">
            <Button icon={Headphones} onPress={() => { go({ at: 'ready', lesson: day?.next ?? null }); }}>{t('child.check_sound')}</Button>
            <LinkButton icon={Shapes} {...link({ at: 'choices', child: me.id })}>{t('choices.link')}</LinkButton>
            {day !== null && day.next !== null && <Button icon={Bed} onPress={() => { setAsking(true); }}>{t('child.not_today')}</Button>}
            <MarksLink child={me.id} />
            <InvitedLink />
            <NotTodaySheet open={asking} onClose={() => { setAsking(false); }} />
        </div>
    );
}

function NotTodaySheet({ open, onClose }: { open: boolean; onClose: () => void }) {
    const { t } = useI18n();
    const { centre } = useMe();
    const [state, setState] = useState<'ask' | 'sending' | 'told' | 'failed'>('ask');
    const coordinator = centre.coordinator?.given ?? t('common.the_centre');
    const say = () => {
        setState('sending');
        api.notToday({}).then(() => { setState('told'); }, () => { setState('failed'); });
    };
    const close = () => { onClose(); setState('ask'); };
    return (
        <Sheet open={open} onClose={close} title={t('child.not_today_title')}>
            {state === 'told' || state === 'failed' ? (
                <>
                    <Note tone={state === 'told' ? 'ok' : 'warn'} role="status">
                        <p>{state === 'told' ? t('child.not_today_told', { coordinator }) : t('child.not_today_failed')}</p>
                    </Note>
                    <Button look="main" wide onPress={close} autoFocus>{t('common.done')}</Button>
                </>
            ) : (
                <>
                    <p>{t('child.not_today_text', { coordinator })}</p>
                    <div className="sheet-actions">
                        <Button onPress={close}>{t('child.not_today_no')}</Button>
                        <Button look="main" onPress={say} isPending={state === 'sending'}>{t('child.not_today_yes')}</Button>
                    </div>
                </>
            )}
        </Sheet>
    );
}
