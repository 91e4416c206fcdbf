// SPDX-License-Identifier: Apache-2.0
//
// What waits for the centre, oldest first, and how long its decisions take.
import { useState } from 'react';
import { FolderInput, Inbox } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { DecisionTimes, ReferralLine } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { wall } from '../../core/wall.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Listed } from './Listed.tsx';
import { ReferralTable } from './ReferralTable.tsx';
import { usePages } from './usePages.ts';
import './intake.css';

const FILTERS = ['all', 'mine', 'free', 'late', 'alike'] as const;
type Filter = (typeof FILTERS)[number];

const PASSES: Record<Filter, (r: ReferralLine, me: number) => boolean> = {
    all: () => true, mine: (r, me) => r.reviewer?.id === me, free: (r) => r.reviewer === null, late: (r) => r.overdue, alike: (r) => r.alike.length > 0,
};

export default function Intake() {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const { go } = useRouter();
    const [filter, setFilter] = useState<Filter>('all');
    const pages = usePages('intake', (cursor, signal) => api.intakeQueue(cursor, signal));
    const shown = pages.items.filter((r) => PASSES[filter](r, me.id));
    const oldest = shown[0];
    return (
        <OfficePage title={t('intake.queue.title')} sub={t('intake.queue.sub')} actions={oldest && (
            <Button look="main" icon={FolderInput} onPress={() => { go({ at: 'referral', id: oldest.id }); }}>{t('intake.queue.next')}</Button>
        )}>
            {pages.loaded && <Figures items={pages.items} more={pages.more !== null} />}
            <p className="case-pages"><a {...link({ at: 'referrals' })}>{t('intake.queue.all_referrals')}</a><a {...link({ at: 'needs', month: null })}>{t('intake.queue.needs')}</a></p>
            <Listed pages={pages} icon={Inbox} empty={t('intake.queue.empty')}>
                <Choice<Filter> label={t('intake.list.filter')} value={filter} onChange={setFilter} options={FILTERS.map((value) => ({ value, label: t(`intake.queue.${value}`) }))} />
                {shown.length > 0 ? <ReferralTable items={shown} centre /> : <div className="card"><Empty icon={Inbox} sentence={t('intake.queue.empty_filter')} /></div>}
            </Listed>
        </OfficePage>
    );
}

function Figures({ items, more }: { items: ReferralLine[]; more: boolean }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const month = wall(now(), me.centre.tz).date.slice(0, 7);
    const { data, error, reload } = useLoad(`decisions ${month}`, (signal) => api.decisionTimes(month, signal));
    if (!data) return error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : null;
    const late = items.filter((r) => r.overdue).length;
    const atLeast = (n: number) => (more ? `${fmt.number(n)}+` : fmt.number(n));
    const days = (n: DecisionTimes['median_days']) => (n === null ? t('intake.queue.no_data') : fmt.number(n));
    const figures: [string, string, string][] = [
        [t('intake.queue.waiting'), atLeast(items.length), ''], [t('intake.queue.overdue'), atLeast(late), late ? 'late' : ''],
        [t('intake.queue.accepted', { month: fmt.month(month) }), fmt.number(data.accepted), ''], [t('intake.queue.refused', { month: fmt.month(month) }), fmt.number(data.refused), ''],
        [t('intake.queue.median'), days(data.median_days), ''], [t('intake.queue.longest'), days(data.longest_days), ''],
    ];
    return <dl className="card intake-figures">{figures.map(([name, n, look]) => <div key={name} className={look}><dt>{name}</dt><dd>{n}</dd></div>)}</dl>;
}
