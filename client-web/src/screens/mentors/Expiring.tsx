// SPDX-License-Identifier: Apache-2.0
import type { Expiring as Item } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Note } from '../../ui/Note.tsx';
import { useHiringWords } from './useHiringWords.ts';

/** Papers that run out soon, the first one first. */
export function Expiring({ items, tz, own }: { items: Item[]; tz: string; own: boolean }) {
    const { t } = useI18n();
    const { dayOf } = useHiringWords();
    if (items.length === 0) return null;
    const soonest = [...items].sort((a, b) => a.until - b.until);
    return (
        <Note tone="warn" title={t(own ? 'hiring.expiring_own' : 'hiring.expiring')}>
            <ul>{soonest.map((e) => <li key={e.gate}>{t('hiring.expires_on', { paper: t(`hiring.gate.${e.gate}`), day: dayOf(e.until - 1, tz) })}</li>)}</ul>
        </Note>
    );
}
