// SPDX-License-Identifier: Apache-2.0
//
// A draft of the timetable: what publishing it does, who is told, and what holds it up. Publishing
// checks all rules again; who comes after somebody else's publishing sees the changes once more.
import { useState } from 'react';
import { CalendarPlus, ListChecks, Send } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import type { PlannedLesson, ScheduleDiff, ScheduleJudgement } from '../../core/api.gen.ts';
import { wall } from '../../core/wall.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { CreateSheet } from '../timetable/CreateSheet.tsx';
import { DiffTable } from './DiffTable.tsx';
import { Problems } from './Problems.tsx';
import './week.css';

const PAGES = 6;

/** The planned lessons, page after page: a draft made by hand has few, and only those with problems are shown. */
async function plannedOf(id: number, signal: AbortSignal): Promise<PlannedLesson[]> {
    const all: PlannedLesson[] = [];
    let cursor: string | undefined;
    for (let i = 0; i < PAGES; i++) {
        const page = await api.planned(id, cursor, signal);
        all.push(...page.items);
        if (!page.next) break;
        cursor = page.next;
    }
    return all;
}

export default function Draft({ id }: { id: number }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const now = useNow(60_000);
    const diff = useLoad(`diff ${id}`, (signal) => api.diff(id, signal));
    const lines = useLoad(`planned ${id}`, (signal) => plannedOf(id, signal));
    const [reason, setReason] = useState('');
    const [creating, setCreating] = useState(false);
    const [judged, setJudged] = useState<ScheduleJudgement | null>(null);
    const reload = () => { diff.reload(); lines.reload(); };
    const changed = () => { setJudged(null); reload(); };
    const d = diff.data;
    const planned = lines.data ?? [];
    const bad = planned.filter((l) => l.conflicts.length > 0);
    const open = d?.version.state === 'draft' || d?.version.state === 'validated';
    const failed = (error: unknown) => { if (error instanceof Refused && error.error.code === 'outdated') reload(); throw error; };

    const check = useAction(() => api.validate(id), (j) => { setJudged(j); reload(); });
    const publish = useAction(async (key) => {
        const first = d?.version.state === 'draft' ? await api.validate(id) : null;
        if (first && first.hard > 0) return first;
        return api.publish(id, { ...(d ? { against: d.against } : {}), ...(reason.trim() ? { reason: reason.trim() } : {}) }, key).catch(failed);
    }, (j) => { setJudged(j); reload(); });
    const error = publish.error ?? check.error;
    const blocked = !d || d.rows.length === 0 ? t('draft.blocked_empty') : bad.length > 0 ? t('draft.blocked', { n: bad.length })
        : d.reason_needed && !reason.trim() ? t('draft.blocked_reason') : null;

    return (
        <OfficePage title={d ? t('draft.title', { n: d.version.number }) : t('week.draft', { n: '' })} crumb={<a {...link({ at: 'week', of: 'centre', date: null })}>{t('draft.crumb')}</a>}
            facts={d && <Chip tone={d.version.state === 'draft' ? 'plain' : 'ok'}>{t(`draft.state.${d.version.state}`)}</Chip>}
            actions={open && (
                <>
                    <Button icon={CalendarPlus} onPress={() => { setCreating(true); }}>{t('draft.new_lesson')}</Button>
                    <Button icon={ListChecks} onPress={() => { check.run(); }} isPending={check.pending}>{t('draft.check')}</Button>
                    <Button look="main" icon={Send} onPress={() => { publish.run(); }} isPending={publish.pending} blocked={blocked}>{t('draft.publish', { n: d.told })}</Button>
                </>
            )}>
            {!d && (diff.error ? <Failed sentence={errorSentence(t, diff.error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, error)}</p></Note>}
            {judged && <Verdict judged={judged} />}
            {d && !open && !judged && <Note><p>{t('draft.over')}</p></Note>}
            {d && open && (
                <div className="office-split">
                    <div className="draft-side">
                        <Counts diff={d} />
                        {d.outdated && <Note tone="warn"><p>{t('draft.outdated')}</p></Note>}
                        <DiffTable diff={d} broken={new Set(bad.flatMap((l) => l.lesson.id ?? []))} onChanged={changed} />
                    </div>
                    <div className="draft-side">
                        {d.reason_needed && <TextField label={t('draft.reason')} value={reason} onChange={setReason} rows={2} maxLength={200} maxBytes={400} hint={t('draft.reason_hint')} />}
                        <Problems lines={planned} onChanged={changed} />
                    </div>
                </div>
            )}
            {creating && <CreateSheet date={wall(now, me.centre.tz).date} draft={id} onClose={() => { setCreating(false); }} onCreated={() => { setCreating(false); changed(); }} />}
        </OfficePage>
    );
}

function Counts({ diff }: { diff: ScheduleDiff }) {
    const { t } = useI18n();
    const { counts } = diff;
    return (
        <p className="draft-counts">
            {(['moved', 'swapped', 'new', 'gone'] as const).filter((k) => counts[k] > 0).map((k) => <Chip key={k}>{t(`draft.${k}`, { n: counts[k] })}</Chip>)}
        </p>
    );
}

/** What the last check or publishing came to. */
function Verdict({ judged }: { judged: ScheduleJudgement }) {
    const { t } = useI18n();
    if (judged.version.state === 'published') return <Note tone="ok" role="status"><p>{t('draft.published', { n: judged.version.number })}</p></Note>;
    if (judged.hard > 0) return <Note tone="bad" role="alert"><p>{t('draft.still_hard', { n: judged.hard })}</p></Note>;
    return <Note tone="ok" role="status"><p>{t('draft.fine')}</p></Note>;
}
