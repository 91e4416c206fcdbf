// SPDX-License-Identifier: Apache-2.0
//
// The sentences of the door for a code.
import { useMe } from '../../hooks/useSession.tsx';
import { speakTo } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import type { DoorCode } from './codes.ts';

export interface DoorWords { title: string; text: string; more?: string }

export function useDoorWords(code: DoorCode, at: number | undefined, now: number): DoorWords {
    const { t, fmt } = useI18n();
    const me = useMe();
    const who = speakTo(me.role);
    const phone = me.centre.phone;
    const coordinator = me.centre.coordinator?.given ?? t('common.the_centre');
    switch (code) {
        case 'too_early': return {
            title: t('door.too_early.title', { who }),
            text: t('door.too_early.text', { at: fmt.clock(at ?? now, me.tz), now: fmt.clock(now, me.tz) }),
            more: t('door.too_early.more', { who }),
        };
        case 'ended': return { title: t('door.ended.title'), text: t('door.ended.text', { who }) };
        case 'not_yours': return { title: t('door.not_yours.title'), text: t('door.not_yours.text', { who }) };
        case 'cancelled': return { title: t('door.cancelled.title'), text: t('door.cancelled.text', { coordinator }) };
        case 'moved': return {
            title: t('door.moved.title'),
            text: t('door.moved.text', { known: at === undefined ? 'no' : 'yes', at: at === undefined ? '' : `${fmt.onDay(at, me.tz)}, ${fmt.clock(at, me.tz)}` }),
        };
        case 'right_ended': return { title: t('door.right_ended.title'), text: t('door.right_ended.text', { phone }) };
        case 'consent': return { title: t('door.consent.title'), text: t('door.consent.text', { who, coordinator, phone }) };
        case 'back_off': return { title: t('door.back_off.title'), text: t('door.back_off.text') };
        case 'full': return { title: t('door.full.title'), text: t('door.full.text', { who, phone }) };
        case 'not_ready': return { title: t('door.not_ready.title'), text: t('door.not_ready.text', { coordinator }) };
        case 'unavailable': return { title: t('door.unavailable.title'), text: t('door.unavailable.text', { who }) };
        case 'seat_taken': return { title: t('door.seat_taken.title'), text: t('door.seat_taken.text', { who }) };
        case 'taken_over': return { title: t('door.taken_over.title'), text: t('door.taken_over.text') };
        case 'no_login': return { title: t('door.no_login.title'), text: t('door.no_login.text', { who }) };
        case 'browser_old': return { title: t('door.browser_old.title'), text: t('door.browser_old.text', { who }) };
    }
}
