// SPDX-License-Identifier: Apache-2.0
//
// How long data is kept: the periods, what has come to their end, the list that a second person
// confirms before anything is emptied, and the people on hold.
import { useState } from 'react';
import { atWork, retention } from '../../core/retention.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Holds } from './Holds.tsx';
import { HoldSheet } from './HoldSheet.tsx';
import { Periods } from './Periods.tsx';
import { RunCard } from './RunCard.tsx';
import './retention.css';

const SOON_MS = 2_000;
const LATER_MS = 60_000;

export default function Retention() {
    const { t } = useI18n();
    const link = useLink();
    const [pace, setPace] = useState(LATER_MS);
    const [holding, setHolding] = useState(false);
    const { data, error, reload } = useLoad('retention', async (signal) => {
        const page = await retention.get(signal);
        setPace(atWork(page.run) ? SOON_MS : LATER_MS);
        return page;
    }, pace);
    const lift = useAction((_key, id: number) => retention.lift(id), reload);
    return (
        <OfficePage title={t('retention.title')} sub={t('retention.sub')} crumb={<a {...link({ at: 'people' })}>{t('accounts.people.title')}</a>}
            actions={<Button onPress={() => { setHolding(true); }}>{t('retention.hold')}</Button>}>
            {Boolean(lift.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, lift.error)}</p></Note>}
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data && (
                <div className="retention">
                    <RunCard run={data.run} mayAsk={data.may_ask} mayConfirm={data.may_confirm} onChange={reload} />
                    <Periods periods={data.periods} run={data.run?.state === 'withdrawn' ? null : data.run} />
                    <Holds items={data.holds} onLift={(id) => { lift.run(id); }} />
                </div>
            )}
            {holding && <HoldSheet person={null} onClose={() => { setHolding(false); }} onDone={() => { setHolding(false); reload(); }} />}
        </OfficePage>
    );
}
