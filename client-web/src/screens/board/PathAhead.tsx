// SPDX-License-Identifier: Apache-2.0
//
// Who of the lessons of the next seven days will have trouble with the link, days before: those whose
// last path test was not good, and how many have tested at all.
import { Route } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { PathPerson, PathTest, PathVerdict } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useI18n } from '../../i18n/index.tsx';
import { PathChip } from '../ready/PathChip.tsx';
import { usePathWords } from '../ready/usePathWords.ts';

const EVERY_MS = 60_000;
const WORST: Record<PathVerdict, number> = { call_us: 0, voice_only: 1, voice_sure: 2, good: 3 };

export function PathAhead({ tz }: { tz: string }) {
    const { t } = useI18n();
    const { data } = useLoad('path-tests', api.pathTests, EVERY_MS);
    if (!data) return null;
    const trouble = data.items
        .flatMap((p) => (p.test && p.test.verdict !== 'good' ? [{ ...p, test: p.test }] : []))
        .sort((a, b) => WORST[a.test.verdict] - WORST[b.test.verdict] || (a.next ?? 0) - (b.next ?? 0));
    const tested = data.items.filter((p) => p.test).length;
    return (
        <section className="card path-ahead" aria-labelledby="path-ahead">
            <div className="panel-head"><h2 id="path-ahead"><Route className="icon" aria-hidden />{t('path_ahead.title')}</h2></div>
            {trouble.length > 0 && <ul>{trouble.map((p) => <Row key={`${p.person.id}${p.seat}`} item={p} tz={tz} />)}</ul>}
            <p className="quiet small path-ahead-sum">{tested > 0 && trouble.length === 0 && `${t('path_ahead.none')} `}{t('path_ahead.tested', { n: tested, all: data.items.length })}</p>
        </section>
    );
}

function Row({ item, tz }: { item: PathPerson & { test: PathTest }; tz: string }) {
    const { t, fmt } = useI18n();
    const words = usePathWords();
    const { test } = item;
    return (
        <li>
            <p><span className="strong">{item.person.name}</span>{item.seat === 'mentor' && <span className="quiet"> · {t('path_ahead.mentor')}</span>}</p>
            <PathChip verdict={test.verdict} />
            <p className="small">{words.cause(test, 'office')}</p>
            <p className="quiet small">{t('path_ahead.when', { lesson: item.next === null ? 'no' : 'yes', next: fmt.dayTime(item.next ?? 0, tz), at: fmt.dayTime(test.at, tz) })}</p>
        </li>
    );
}
