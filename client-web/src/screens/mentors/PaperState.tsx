// SPDX-License-Identifier: Apache-2.0
//
// How a course or a qualification stands, and for the centre the button that verifies it.
import { CircleAlert, CircleCheck, Hourglass } from 'lucide-react';
import type { HiringFile, Person } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { wall } from '../../core/wall.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Problem } from './SheetForm.tsx';

export function PaperState({ verifiedBy, expires, tz, own, name, verify, onFile }: {
    verifiedBy: Person | null; expires: string | null; tz: string; own: boolean; name: string;
    verify: (key: string) => Promise<HiringFile>; onFile: (file: HiringFile) => void;
}) {
    const { t } = useI18n();
    const { role } = useMe();
    const check = useAction((key) => verify(key), onFile);
    const over = expires !== null && expires < wall(now(), tz).date;
    return (
        <>
            {over ? <Chip tone="bad" icon={CircleAlert}>{t('hiring.state.expired')}</Chip>
                : verifiedBy ? <Chip tone="ok" icon={CircleCheck}>{t('hiring.state.verified')}</Chip>
                    : <Chip tone="info" icon={Hourglass}>{t('hiring.state.waiting')}</Chip>}
            <div className="paper-do">
                {!verifiedBy && !over && role === 'coordinator' && !own && (
                    <Button icon={CircleCheck} isPending={check.pending} aria-label={t('hiring.verify_it', { paper: name })} onPress={() => { check.run(); }}>{t('hiring.verify')}</Button>
                )}
            </div>
            {check.error !== null && <div className="paper-problem"><Problem error={check.error} /></div>}
        </>
    );
}
