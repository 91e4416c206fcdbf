// SPDX-License-Identifier: Apache-2.0
//
// The child's last path test, for its family.
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useI18n } from '../../i18n/index.tsx';
import { PathChip } from '../ready/PathChip.tsx';
import { usePathWords } from '../ready/usePathWords.ts';

export function PathOwn({ child, tz }: { child: number; tz: string }) {
    const { t, fmt } = useI18n();
    const words = usePathWords();
    const { data } = useLoad('path-tests', api.pathTests, 60_000);
    const own = data?.items.find((p) => p.person.id === child && p.seat === 'child');
    if (!own) return null;
    const { test } = own;
    if (!test) return <p className="path-own quiet">{t('path_own.never')}</p>;
    return (
        <p className="path-own quiet">
            <PathChip verdict={test.verdict} /> {words.cause(test, 'adult')} {t('path_own.at', { at: fmt.dayTime(test.at, tz) })}
        </p>
    );
}
