// SPDX-License-Identifier: Apache-2.0
//
// Where the newest run stands and the one next step. Confirming asks once more: it cannot be undone.
import { useState } from 'react';
import type { RetentionRun } from '../../core/api.gen.ts';
import { retention, total } from '../../core/retention.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';

export function RunCard({ run, mayAsk, mayConfirm, onChange }: {
    run: RetentionRun | null; mayAsk: boolean; mayConfirm: boolean; onChange: () => void;
}) {
    const { t } = useI18n();
    const me = useMe();
    const [sure, setSure] = useState(false);
    const ask = useAction((key) => retention.ask(key), onChange);
    const confirm = useAction((_key, of: RetentionRun) => retention.confirm(of), () => { setSure(false); onChange(); });
    const withdraw = useAction((_key, id: number) => retention.withdraw(id), onChange);
    const error = ask.error ?? confirm.error ?? withdraw.error;
    const over = !run || run.state === 'done' || run.state === 'withdrawn';
    const listed = run?.state === 'listed';
    const own = run?.asked_by.id === me.id;
    const due = run ? total(run, 'due') : 0;
    return (
        <section className="card retention-card" aria-labelledby="retention-run">
            <h2 id="retention-run">{t('retention.run.title')}</h2>
            <Standing run={run} />
            {Boolean(error) && !sure && <Note tone="warn" role="alert"><p>{errorSentence(t, error)}</p></Note>}
            {listed && own && <Note><p>{t('retention.run.own')}</p></Note>}
            {over && !mayAsk && <p className="quiet">{t('retention.run.admin_asks')}</p>}
            <div className="retention-row">
                {over && mayAsk && <Button look="main" onPress={() => { ask.run(); }} isPending={ask.pending}>{t('retention.run.ask')}</Button>}
                {listed && mayConfirm && !own && due > 0 && <Button look="main" onPress={() => { setSure(true); }}>{t('retention.run.confirm')}</Button>}
                {run && !over && run.state !== 'running' && mayConfirm
                    && <Button onPress={() => { withdraw.run(run.id); }} isPending={withdraw.pending}>{t('retention.run.withdraw')}</Button>}
            </div>
            {sure && run && (
                <Sheet open onClose={() => { setSure(false); }} title={t('retention.sure.title')}>
                    <div className="retention-card-body">
                        {Boolean(confirm.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, confirm.error)}</p></Note>}
                        <p>{t('retention.sure.what', { n: due })}</p>
                        <p>{t('retention.sure.stays')}</p>
                        <div className="sheet-actions">
                            <Button onPress={() => { setSure(false); }}>{t('common.cancel')}</Button>
                            <Button look="danger" onPress={() => { confirm.run(run); }} isPending={confirm.pending}>{t('retention.sure.yes')}</Button>
                        </div>
                    </div>
                </Sheet>
            )}
        </section>
    );
}

function Standing({ run }: { run: RetentionRun | null }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const on = (ms: number | null) => (ms === null ? '' : fmt.dayTime(ms, me.tz));
    if (!run) return <p>{t('retention.run.none')}</p>;
    const due = total(run, 'due');
    const done = total(run, 'done');
    switch (run.state) {
        case 'listing': return <p role="status">{t('retention.run.listing', { n: due })}</p>;
        case 'listed': return (
            <>
                <p>{t('retention.run.listed', { n: due, held: total(run, 'held'), by: run.asked_by.name, on: on(run.asked) })}</p>
                {due > 0 && run.good_until !== null && <p className="quiet">{t('retention.run.good_until', { on: on(run.good_until) })}</p>}
                {run.more && <p className="quiet">{t('retention.run.more')}</p>}
            </>
        );
        case 'running': return <p role="status">{t('retention.run.running', { done, n: due + done })}</p>;
        case 'done': return <p>{t('retention.run.done', { n: done, spared: total(run, 'spared'), by: run.confirmed_by?.name ?? '', on: on(run.ended) })}</p>;
        case 'withdrawn': return <p>{t('retention.run.withdrawn', { on: on(run.ended) })}</p>;
    }
}
