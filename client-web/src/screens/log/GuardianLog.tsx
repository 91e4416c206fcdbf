// SPDX-License-Identifier: Apache-2.0
//
// A child's month, for the family (and, in the office frame, for mentors and coordinators): one
// sentence with a bar, who else was in, and day by day the strip with a sentence.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { LogLesson } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { MarksLink } from '../marks/MarksLink.tsx';
import { ConsentsLink } from '../consents/ConsentsLink.tsx';
import { ConfirmDock } from './ConfirmDock.tsx';
import { DisputeSheet } from './DisputeSheet.tsx';
import { LogDays } from './LogDays.tsx';
import { LogFrame } from './LogFrame.tsx';
import { MonthCard } from './MonthCard.tsx';
import { PathOwn } from './PathOwn.tsx';
import './log.css';

export default function GuardianLog({ child, month }: { child: number; month: string | null }) {
    const { t } = useI18n();
    const me = useMe();
    const { data: log, error, reload } = useLoad(`log ${child} ${month}`, (signal) => api.childLog(child, month ?? undefined, signal), 60_000);
    const [disputed, setDisputed] = useState<LogLesson | null>(null);
    const family = me.role === 'guardian';
    return (
        <LogFrame child={child} log={log} dock={family && log ? <ConfirmDock log={log} onDone={reload} /> : null}>
            {!log && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={5} onRetry={reload} />)}
            {log && (
                <div className="log-grid">
                    <MonthCard log={log} link={family ? <PathOwn child={child} tz={log.tz} /> : null} />
                    <LogDays log={log} onDispute={family ? setDisputed : null} />
                </div>
            )}
            <div><MarksLink child={child} /></div>
            <ConsentsLink child={child} />
            {log && disputed && <DisputeSheet lesson={disputed} child={child} tz={log.tz} onClose={() => { setDisputed(null); }} onDone={() => { setDisputed(null); reload(); }} />}
        </LogFrame>
    );
}
