// SPDX-License-Identifier: Apache-2.0
//
// What a run came to: placed of wanted, what moved, the way to the draft, and who has no place.
import { FilePen } from 'lucide-react';
import type { Plan } from '../../core/api.gen.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import type { Tone } from '../../ui/Chip.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Note } from '../../ui/Note.tsx';
import { LeftTable } from './LeftTable.tsx';

function useSentence(run: Plan): { tone: Tone; words: string } {
    const { t } = useI18n();
    const { wanted, placed, bound } = run.progress;
    if (run.state === 'failed') return { tone: 'bad', words: t(run.cause === 'restart' ? 'plan.failed.restart' : 'plan.failed.records') };
    if (wanted === 0) return { tone: 'ok', words: t('plan.nothing') };
    if (placed === wanted) return { tone: 'ok', words: t('plan.all', { n: placed }) };
    return { tone: 'warn', words: t(placed === bound ? 'plan.some_proved' : 'plan.some', { placed, wanted, bound }) };
}

export function PlanResult({ run }: { run: Plan }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const { tone, words } = useSentence(run);
    const { changes } = run;
    const when = run.ended_at === null ? '' : fmt.dayTime(run.ended_at, me.tz);
    return (
        <>
            <section className="card plan-run">
                <Note tone={tone} title={words}>
                    {run.state === 'stopped' && <p>{t(run.cause === 'time' ? 'plan.stopped.time' : 'plan.stopped.asked')}</p>}
                    {changes && run.mode === 'repair' && <p>{t('plan.changes', changes)}</p>}
                    {changes && run.version === null && changes.left > 0 && <p>{t('plan.no_draft')}</p>}
                </Note>
                <p className="quiet small">{t('plan.asked', { who: run.asked_by.name, when, seed: String(run.seed) })}</p>
                {run.version !== null && (
                    <>
                        <div><LinkButton look="main" icon={FilePen} href={`/draft/${run.version}`}>{t('plan.open')}</LinkButton></div>
                        <p className="quiet small">{t('plan.open_about')}</p>
                    </>
                )}
            </section>
            {changes && changes.left > 0 && <LeftTable left={run.left} total={changes.left} />}
        </>
    );
}
