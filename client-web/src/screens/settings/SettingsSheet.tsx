// SPDX-License-Identifier: Apache-2.0
//
// One's own settings. Every choice is kept at once; there is nothing to save or to lose.
import { useState } from 'react';
import { KeyRound, LogOut } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Animal as Kind, Hand, Locale, MePatch, Theme } from '../../core/api.gen.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe, useSession } from '../../hooks/useSession.tsx';
import { speakTo } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { FeedPart } from './FeedPart.tsx';

const ANIMALS: Kind[] = ['fox', 'owl', 'bear'];
const THEMES: Theme[] = ['system', 'light', 'dark'];
const HANDS: Hand[] = ['right', 'left'];

export function SettingsSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
    const { t } = useI18n();
    const me = useMe();
    const { patch, signedOut } = useSession();
    const { go } = useRouter();
    const [failed, setFailed] = useState(false);
    const inLesson = me.role !== 'school_officer';

    const change = (to: MePatch) => { setFailed(false); patch(to).catch(() => { setFailed(true); }); };
    const leave = () => { api.signOut().catch(() => undefined).finally(() => { go({ at: 'home' }, { replace: true }); signedOut(); }); };
    return (
        <Sheet open={open} onClose={onClose} title={t('settings.title')}>
            {failed && <Note tone="warn" role="alert"><p>{t('settings.not_saved', { who: speakTo(me.role) })}</p></Note>}
            <Choice<Locale> label={t('settings.language')} value={me.locale} onChange={(locale) => { change({ locale }); }}
                options={[{ value: 'ru', label: 'Русский', lang: 'ru' }, { value: 'en', label: 'English', lang: 'en' }]} />
            <Choice<Theme> label={t('settings.theme')} value={me.theme} onChange={(theme) => { change({ theme }); }}
                options={THEMES.map((value) => ({ value, label: t(`settings.theme.${value}`) }))} />
            {inLesson && <Choice<Kind> label={t('settings.animal')} value={me.animal} onChange={(animal) => { change({ animal }); }}
                options={ANIMALS.map((value) => ({ value, label: t(`settings.animal.${value}`), picture: <Animal kind={value} /> }))} />}
            {inLesson && <Choice<Hand> label={t('settings.hand')} value={me.hand} onChange={(hand) => { change({ hand }); }}
                options={HANDS.map((value) => ({ value, label: t(`settings.hand.${value}`) }))} />}
            {(me.role === 'guardian' || me.role === 'mentor') && <FeedPart tz={me.tz} />}
            {me.role !== 'child' && me.role !== 'guardian' && <Button icon={KeyRound} wide onPress={() => { onClose(); go({ at: 'security' }); }}>{t('accounts.security.open')}</Button>}
            <Button icon={LogOut} wide onPress={leave}>{t('settings.sign_out')}</Button>
        </Sheet>
    );
}
