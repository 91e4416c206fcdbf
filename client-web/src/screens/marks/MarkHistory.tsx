// SPDX-License-Identifier: Apache-2.0
//
// How the mark of a lesson changed: when, by whom, from what to what, why. Nothing while it never did.
import { api } from '../../core/api.ts';
import type { MarkChange } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { useMarkWords } from './useMarkWords.ts';

export function MarkHistory({ lesson, child }: { lesson: number; child: number }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const words = useMarkWords();
    const { data } = useLoad(`mark changes ${lesson}`, (signal) => api.markChanges(lesson, signal));
    const items = data?.items.filter((m) => m.child === child) ?? [];
    if (items.length < 2) return null; // the first one stands in the field itself
    const said = (m: MarkChange) => {
        const parts = { when: fmt.dayTime(m.at, me.tz), name: m.by.name, before: words.mark(m.before), after: words.mark(m.after) };
        return m.reason ? t('marks.change_why', { ...parts, reason: m.reason }) : t('marks.change', parts);
    };
    return (
        <section aria-labelledby="mark-history">
            <h3 id="mark-history" className="small strong">{t('marks.history')}</h3>
            <ul className="marks-changes">{items.map((m) => <li key={m.at} className="small quiet">{said(m)}</li>)}</ul>
        </section>
    );
}
