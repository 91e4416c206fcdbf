// SPDX-License-Identifier: Apache-2.0
//
// How far a run is, in figures, and Stop. What it has found by then stays.
import { Square } from 'lucide-react';
import type { Plan } from '../../core/api.gen.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';

export function PlanProgress({ run, stopping, error, onStop }: { run: Plan; stopping: boolean; error: unknown; onStop: () => void }) {
    const { t, fmt } = useI18n();
    const { wanted, placed, bound, ms } = run.progress;
    const name = t(run.state === 'queued' ? 'plan.queued' : 'plan.running');
    return (
        <section className="card plan-run">
            <h2>{name}</h2>
            <progress className="plan-bar" aria-label={name} max={Math.max(wanted, 1)} value={placed} />
            <p role="status">{wanted > 0 ? t('plan.so_far', { placed, wanted, bound }) : t('plan.gathering')}</p>
            <p className="quiet small tabular">{t('plan.seconds', { s: fmt.number(Math.floor(ms / 1000)) })}</p>
            <div><Button icon={Square} isPending={stopping} onPress={onStop}>{t('plan.stop')}</Button></div>
            <p className="quiet small">{t('plan.stop_about')}</p>
            {error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, error)}</p></Note>}
        </section>
    );
}
