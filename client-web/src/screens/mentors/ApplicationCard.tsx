// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { Check, Circle, CircleDot, FileDown, Undo2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Application, EmploymentOrder } from '../../core/api.gen.ts';
import { actionsOf, holder, NEEDS_REASON, stations, type StepAction } from '../../core/hiring.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Note } from '../../ui/Note.tsx';
import type { Part } from './MentorFile.tsx';
import { OrderSheet } from './OrderSheet.tsx';
import { ReasonSheet } from './ReasonSheet.tsx';
import { Problem } from './SheetForm.tsx';
import { useHiringWords } from './useHiringWords.ts';

const ICONS = { done: Check, now: CircleDot, back: Undo2, later: Circle };

function Chain({ application: a }: { application: Application }) {
    const { t } = useI18n();
    return (
        <ol className="chain">
            {stations(a.state).map(({ station, state }) => {
                const Icon = ICONS[state];
                return (
                    <li key={station} className={state} aria-current={state === 'now' || state === 'back' ? 'step' : undefined}>
                        <Icon className="icon" aria-hidden /><span>{t(`hiring.station.${station}`)}</span><span className="spoken">{t(`hiring.at.${state}`)}</span>
                    </li>
                );
            })}
        </ol>
    );
}

function Order({ application: a, order: o }: { application: Application; order: EmploymentOrder }) {
    const { t, fmt } = useI18n();
    const { day } = useHiringWords();
    const facts: [string, string][] = [
        [t('hiring.order_no'), t('hiring.order_value', { number: o.number, day: day(o.date) })],
        [t('hiring.rate'), t('hiring.rate_value', { rate: o.rate_percent, hours: fmt.number(o.week_minutes / 60) })],
        [t('hiring.term'), o.to === null ? t('hiring.from_day', { day: day(o.from) }) : t('hiring.from_to', { from: day(o.from), to: day(o.to) })],
    ];
    return (
        <div className="order">
            <dl>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
            <LinkButton look="soft" icon={FileDown} href={api.orderFile(a.id)} download>{t('hiring.order_pdf')}</LinkButton>
        </div>
    );
}

export function ApplicationCard({ application: a, file, onFile, own }: Part & { application: Application }) {
    const { t } = useI18n();
    const { dayOf } = useHiringWords();
    const { role } = useMe();
    const [asking, setAsking] = useState<StepAction | null>(null);
    const step = useAction((key, action: StepAction) => action === 'order' ? Promise.resolve(file) : api.stepApplication(a.id, a.rev, { step: action }, key), onFile);
    const actions = actionsOf(a, role, own);
    const press = (action: StepAction) => { if (action === 'order' || NEEDS_REASON.includes(action)) setAsking(action); else step.run(action); };
    const closed = (f: typeof file) => { setAsking(null); onFile(f); };
    const why = a.reason !== null && ['returned', 'suspended', 'ended'].includes(a.state);
    const known = a.reason === 'document_expired' || a.reason === 'order_over' ? t(`hiring.reason_of.${a.reason}`) : a.reason ?? '';
    return (
        <div className="application">
            <div><h3>{a.school.name}</h3><p className="quiet small">{t(`hiring.held.${holder(a.state)}`, { day: dayOf(a.since, file.tz), state: t(`hiring.app.${a.state}`) })}</p></div>
            <Chain application={a} />
            {why && <Note tone={a.state === 'ended' ? 'plain' : 'warn'}><p>{t('hiring.why', { reason: known })}</p></Note>}
            {a.order && <Order application={a} order={a.order} />}
            <Problem error={step.error} />
            {actions.length > 0 && (
                <div className="application-do">
                    {actions.map((action, i) => (
                        <Button key={action} look={i === 0 && action !== 'end' && action !== 'suspend' ? 'soft' : 'plain'} isPending={step.pending && i === 0} onPress={() => { press(action); }}
                            aria-label={t('hiring.step_at', { step: t(`hiring.step.${action}`), school: a.school.name })}>{t(`hiring.step.${action}`)}</Button>
                    ))}
                </div>
            )}
            {asking === 'order' && <OrderSheet application={a} tz={file.tz} onClose={() => { setAsking(null); }} onFile={closed} />}
            {(asking === 'return' || asking === 'suspend' || asking === 'end') && <ReasonSheet application={a} step={asking} onClose={() => { setAsking(null); }} onFile={closed} />}
        </div>
    );
}
