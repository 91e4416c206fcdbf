// SPDX-License-Identifier: Apache-2.0
//
// Help, always at the same place: tells the coordinator at once, and gives the phone number.
import { useState, type ReactNode } from 'react';
import { PhoneCall } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { HelpCall } from '../../core/api.gen.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { phoneHref } from '../../core/phone.ts';

/** `ask` tells the coordinator and opens `sheet`, which the caller puts beside what was pressed. */
export function useHelp(call: HelpCall): { ask: () => void; sheet: ReactNode } {
    const { t } = useI18n();
    const { centre, role } = useMe();
    const [open, setOpen] = useState(false);
    const [told, setTold] = useState<'asking' | 'yes' | 'no'>('asking');
    const who = role === 'child' ? 'child' : 'adult';
    const coordinator = centre.coordinator?.given ?? t('common.the_centre');

    const ask = () => {
        setOpen(true);
        setTold('asking');
        api.help(call).then(() => { setTold('yes'); }, () => { setTold('no'); });
    };
    const sheet = (
        <Sheet open={open} onClose={() => { setOpen(false); }} title={t('help.title')}>
            <div role="status">
                {told === 'asking' && <p>{t('help.telling')}</p>}
                {told === 'yes' && <Note tone="ok"><p>{t('help.told', { who, coordinator })}</p></Note>}
                {told === 'no' && <Note tone="warn"><p>{t('help.not_told', { who })}</p></Note>}
            </div>
            <LinkButton href={phoneHref(centre.phone)} icon={PhoneCall} wide>{t('common.call_number', { phone: centre.phone })}</LinkButton>
        </Sheet>
    );
    return { ask, sheet };
}

export function HelpButton({ call, wide, label, look = 'plain' }: { call: HelpCall; wide?: boolean; label?: string; look?: 'main' | 'plain' }) {
    const { t } = useI18n();
    const { ask, sheet } = useHelp(call);
    return <><Button look={look} icon={PhoneCall} onPress={ask} wide={wide ?? false}>{label ?? t('common.help')}</Button>{sheet}</>;
}
