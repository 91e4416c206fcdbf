// SPDX-License-Identifier: Apache-2.0
//
// Mentors and what they need: for the centre first lessons without a mentor, children who moved and papers
// that run out, then everybody; a school sees whoever applies there or works there.
import { useState } from 'react';
import { IdCard } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { MentorPapers } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Expiries } from './Expiries.tsx';
import { MentorTable } from './MentorTable.tsx';
import { Moves } from './Moves.tsx';
import { NeedsSubstitute } from './NeedsSubstitute.tsx';
import './mentors.css';

/** Who has something that cannot go on first: nobody looks for it in a long list. */
const byNeed = (a: MentorPapers, b: MentorPapers): number => Number(a.complete) - Number(b.complete) || b.expiring.length - a.expiring.length;

export default function Mentors() {
    const { t } = useI18n();
    const me = useMe();
    const office = me.role !== 'school_officer';
    const first = useLoad('mentor-papers', (signal) => api.mentorPapers(undefined, undefined, signal));
    const [more, setMore] = useState<{ items: MentorPapers[]; next: string | null }>({ items: [], next: null });
    const [problem, setProblem] = useState<unknown>(null);
    const [q, setQ] = useState('');
    const next = more.items.length > 0 ? more.next : first.data?.next ?? null;
    const all = [...(first.data?.items ?? []), ...more.items];
    const found = all.filter((m) => m.mentor.name.toLocaleLowerCase().includes(q.trim().toLocaleLowerCase())).sort(byNeed);
    const load = () => {
        setProblem(null);
        api.mentorPapers(undefined, next ?? undefined).then((page) => { setMore({ items: [...more.items, ...page.items], next: page.next }); }, setProblem);
    };
    return (
        <OfficePage title={t('nav.mentors')} sub={t(office ? 'hiring.sub_office' : 'hiring.sub_school')}>
            {office && <NeedsSubstitute />}
            {office && <Moves />}
            {office && <Expiries />}
            {!first.data && (first.error ? <Failed sentence={errorSentence(t, first.error)} onRetry={first.reload} /> : <Loading rows={6} onRetry={first.reload} />)}
            {first.data && all.length === 0 && <div className="card"><Empty icon={IdCard} sentence={t(office ? 'hiring.empty_office' : 'hiring.empty_school')} /></div>}
            {all.length > 8 && <div className="mentors-search"><TextField label={t('hiring.search')} type="search" value={q} onChange={setQ} /></div>}
            {all.length > 0 && found.length === 0 && <p className="quiet">{t('hiring.none_found')}</p>}
            {found.length > 0 && <MentorTable items={found} />}
            {problem !== null && <Failed sentence={errorSentence(t, problem)} onRetry={load} />}
            {next && <div><Button onPress={load}>{t('hiring.more')}</Button></div>}
        </OfficePage>
    );
}
