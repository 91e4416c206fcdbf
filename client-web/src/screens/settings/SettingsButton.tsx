// SPDX-License-Identifier: Apache-2.0
//
// One's own animal at the top left; it opens the settings.
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Settings } from 'lucide-react';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { SettingsSheet } from './SettingsSheet.tsx';
import './settings-button.css';

export function SettingsButton({ animal }: { animal?: string }) {
    const { t } = useI18n();
    const me = useMe();
    const [open, setOpen] = useState(false);
    return (
        <>
            <Button className="settings-button" aria-label={t('common.settings')} onPress={() => { setOpen(true); }}>
                <Animal kind={animal ?? me.animal} />
                <span className="settings-gear" aria-hidden><Settings /></span>
            </Button>
            <SettingsSheet open={open} onClose={() => { setOpen(false); }} />
        </>
    );
}
