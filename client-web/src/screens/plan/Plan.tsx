// SPDX-License-Identifier: Apache-2.0
//
// Propose a week: which one and how, the run with its figures and a way to stop it, what came out and
// for whom there is no place. The proposal is a draft; its own page judges and publishes it.
import { useState } from 'react';
import { CalendarPlus, CalendarSearch, ChevronLeft, ChevronRight } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import type { Plan as PlanRun, PlanMode } from '../../core/api.gen.ts';
import { mondayOf, nextMonday } from '../../core/plan-week.ts';
import { addDays, wall } from '../../core/wall.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { PlanProgress } from './PlanProgress.tsx';
import { PlanResult } from './PlanResult.tsx';
import './plan.css';

const goesOn = (run: PlanRun | null | undefined): boolean => run?.state === 'queued' || run?.state === 'running';

/** The newest run of the week, with its reasons; null: there was none. */
async function newest(week: string, signal: AbortSignal): Promise<PlanRun | null> {
    const { plans } = await api.plans(week, signal);
    return plans[0] ? api.plan(plans[0].id, signal) : null;
}

export default function Plan({ week }: { week: string | null }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const today = wall(useNow(60_000), me.centre.tz).date;
    const monday = week ? mondayOf(week) : nextMonday(today);
    const [mode, setMode] = useState<PlanMode>('fresh');
    const [polling, setPolling] = useState(false);
    // An answer counts as it comes, whether null or a run: wrapped, so that null is an answer too.
    const run = useLoad(`plan ${monday}`, async (signal) => {
        const found = await newest(monday, signal);
        setPolling(goesOn(found));
        return { found };
    }, polling ? 1000 : undefined);
    const shown = run.data?.found ?? null;
    const ask = useAction((key) => api.askPlan({ week: monday, mode }, key), (found) => { run.set({ found }); setPolling(true); });
    const stop = useAction((key) => api.stopPlan(shown?.id ?? 0, key), () => { run.reload(); });
    const to = (days: number) => { ask.clear(); go({ at: 'plan', week: addDays(monday, days) }); };
    const over = addDays(monday, 6) < today;
    const busy = ask.error instanceof Refused && ask.error.error.code === 'not_now';
    const dayOf = (date: string) => fmt.dayMonth(Date.parse(`${date}T12:00:00Z`), 'UTC');
    const form = goesOn(shown) ? null : (
        <section className="card plan-form">
            <Choice label={t('plan.mode')} value={mode} onChange={setMode} options={[
                { value: 'fresh', label: t('plan.mode.fresh') }, { value: 'repair', label: t('plan.mode.repair') }]} />
            <p className="quiet">{t(`plan.about.${mode}`)}</p>
            <div>
                <Button look={shown?.version ? 'plain' : 'main'} icon={CalendarPlus} isPending={ask.pending} blocked={over ? t('plan.over') : null}
                    onPress={() => { ask.run(); }}>{t(shown ? 'plan.again' : 'plan.start')}</Button>
            </div>
            {ask.error !== null && <Note tone="warn" role="alert"><p>{busy ? t('plan.busy') : errorSentence(t, ask.error)}</p></Note>}
        </section>
    );
    return (
        <OfficePage title={t('plan.title')} sub={t('plan.sub')} actions={(
            <div className="plan-steps">
                <IconButton framed icon={ChevronLeft} name={t('plan.earlier')} onPress={() => { to(-7); }} />
                <span className="strong plan-week">{t('plan.week', { from: dayOf(monday), to: dayOf(addDays(monday, 6)) })}</span>
                <IconButton framed icon={ChevronRight} name={t('plan.later')} onPress={() => { to(7); }} />
            </div>
        )}>
            {!shown && form}
            {!run.data && (run.error ? <Failed sentence={errorSentence(t, run.error)} onRetry={run.reload} /> : <Loading rows={3} onRetry={run.reload} />)}
            {run.data && run.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, run.error)}</p></Note>}
            {run.data && !shown && <div className="card plan-none"><Empty icon={CalendarSearch} sentence={t('plan.empty')} /></div>}
            {shown && goesOn(shown) && <PlanProgress run={shown} stopping={stop.pending} error={stop.error} onStop={() => { stop.run(); }} />}
            {shown && !goesOn(shown) && <PlanResult run={shown} />}
            {shown && form}
        </OfficePage>
    );
}
