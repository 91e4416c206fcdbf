// SPDX-License-Identifier: Apache-2.0
//
// Tours, talks and trial classes of a section: a family signs up, the centre puts them up and says who
// came. Only who came may choose.
import { useState } from 'react';
import { CalendarDays } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Section, Visit } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { VisitSheet } from './VisitSheet.tsx';

export function Visits({ section }: { section: Section }) {
    const { t } = useI18n();
    const me = useMe();
    const [adding, setAdding] = useState(false);
    const { data, error, reload } = useLoad(`visits ${section.id}`, (signal) => api.visits(section.id, signal));
    return (
        <section className="card section-card" aria-labelledby="section-visits">
            <h2 id="section-visits">{t(me.role === 'coordinator' ? 'sections.visits_office' : 'sections.visits')}</h2>
            {!data && (error ? <Failed sentence={errorSentence(t, error, me.role)} onRetry={reload} /> : <Loading rows={2} onRetry={reload} />)}
            {data?.visits.length === 0 && <Empty icon={CalendarDays} sentence={t('sections.visits_none')} />}
            {data?.visits.map((v) => <VisitRow key={v.id} visit={v} tz={section.tz} onDone={reload} />)}
            {me.role === 'coordinator' && <div><Button look="soft" onPress={() => { setAdding(true); }}>{t('sections.visit_new')}</Button></div>}
            {adding && <VisitSheet section={section.id} onClose={() => { setAdding(false); }} onDone={() => { setAdding(false); reload(); }} />}
        </section>
    );
}

function VisitRow({ visit: v, tz, onDone }: { visit: Visit; tz: string; onDone: () => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const sign = useAction((key, child: number) => api.signVisit(v.id, child, key), onDone);
    const came = useAction((key, child: number, attended: boolean) => api.recordVisit(v.id, { child, attended }, key), onDone);
    const ahead = v.start > now();
    const own = me.role === 'child' ? [{ id: me.id, given: me.given }] : me.role === 'guardian' ? me.children : [];
    const problem = sign.error ?? came.error;
    return (
        <div className="visit">
            <p className="strong">{t('sections.visit_at', { kind: t(`sections.visit.${v.kind}`), when: fmt.dayTime(v.start, tz) })}</p>
            {problem !== null && <Failed sentence={errorSentence(t, problem, me.role)} onRetry={() => { sign.clear(); came.clear(); onDone(); }} />}
            {ahead && own.filter((c) => !v.visitors.some((x) => x.child.id === c.id)).map((c) => (
                <div key={c.id}><Button isPending={sign.pending} onPress={() => { sign.run(c.id); }}>{me.role === 'child' ? t('sections.sign') : t('sections.sign_for', { name: c.given })}</Button></div>
            ))}
            {me.role === 'coordinator' && v.visitors.length === 0 && <p className="quiet">{t('sections.nobody')}</p>}
            <ul className="section-list">
                {v.visitors.map((x) => (
                    <li key={x.child.id} className="visitor">
                        <span>{x.child.name}</span>
                        <Chip tone={x.attended ? 'ok' : 'plain'}>{t(x.attended === null ? 'sections.signed' : x.attended ? 'sections.came' : 'sections.came_not')}</Chip>
                        {me.role === 'coordinator' && !ahead && x.attended === null && (
                            <>
                                <Button isPending={came.pending} onPress={() => { came.run(x.child.id, true); }} aria-label={t('sections.came_of', { name: x.child.name })}>{t('sections.came')}</Button>
                                <Button onPress={() => { came.run(x.child.id, false); }} aria-label={t('sections.came_not_of', { name: x.child.name })}>{t('sections.came_not')}</Button>
                            </>
                        )}
                    </li>
                ))}
            </ul>
        </div>
    );
}
