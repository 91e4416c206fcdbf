// SPDX-License-Identifier: Apache-2.0
//
// The last page of a lesson: it is over, or this person has left. A child's page goes home by itself.
import { useEffect } from 'react';
import { Bed, Check, DoorOpen, House } from 'lucide-react';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useTitle } from '../../hooks/useTitle.ts';
import { speakTo } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Animal } from '../../ui/Animal.tsx';
import { Button } from '../../ui/Button.tsx';
import './room.css';

const HOME_AFTER_MS = 120_000;

export function EndPage({ how, mentor, onReturn }: { how: 'over' | 'left' | 'tired'; mentor: string; onReturn: (() => void) | null }) {
    const { t } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const child = speakTo(me.role) === 'child';
    const title = t(how === 'over' ? 'room.over' : 'room.left');
    const heading = useTitle(title);
    const Icon = how === 'tired' ? Bed : how === 'over' ? Check : DoorOpen;
    const text = how === 'over' ? t(child ? 'room.over_child' : 'room.over_adult') : child ? t('room.left_child', { mentor }) : t('room.left_adult');
    useEffect(() => {
        if (!child) return;
        const timer = setTimeout(() => { go({ at: 'home' }); }, HOME_AFTER_MS);
        return () => { clearTimeout(timer); };
    }, [child, go]);
    return (
        <main className="door">
            {child ? <Animal kind={me.animal} size="lg" /> : <span className="stage-glyph chalk"><Icon aria-hidden /></span>}
            <h1 ref={heading} tabIndex={-1}>{title}</h1>
            <p>{text}</p>
            <div className="door-actions">
                <Button look="main" big wide icon={House} onPress={() => { go({ at: 'home' }); }}>{t(child ? 'common.my_day' : 'common.home')}</Button>
                {onReturn && <Button wide icon={DoorOpen} onPress={onReturn}>{t('room.return')}</Button>}
            </div>
        </main>
    );
}
