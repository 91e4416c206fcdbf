// SPDX-License-Identifier: Apache-2.0
//
// For those who keep the event: who is invited, who answered what, who came.
import { useState } from 'react';
import { Baby, UserPlus } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Event, EventInvite, EventMarkNew } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { ChildSheet } from './ChildSheet.tsx';
import type { Versioned } from './EventPage.tsx';
import { InviteSheet } from './InviteSheet.tsx';

const MARKS = ['present', 'late', 'absent'] as const;

/** Whoever may be there is; a child without its family's yes is not. */
const rest = (e: Event): EventMarkNew[] => e.invites.filter((i) => i.mark === 'none')
    .map((i) => ({ user: i.person.id, mark: i.child && i.answer !== 'yes' ? 'absent' : 'present' }));

export function EventGuests({ event: e, onDone }: { event: Event; onDone: (v: Versioned) => void }) {
    const { t } = useI18n();
    const me = useMe();
    const [open, setOpen] = useState<'people' | 'child' | null>(null);
    const close = () => { setOpen(null); };
    const done = (v: Versioned) => { close(); onDone(v); };
    const mark = useAction((key, marks: EventMarkNew[]) => api.markEvent(e.id, { marks }, key), onDone);
    const back = useAction((key, user: number) => api.withdrawFromEvent(e.id, { user }, key), onDone);
    const error = mark.error ?? back.error;
    const n = e.counts;
    const begun = e.may.write;
    const came = begun || e.minutes !== 'draft' || e.invites.some((i) => i.mark !== 'none');
    return (
        <section className="card event-card">
            <h2>{t('events.people')}</h2>
            <p>{t('events.counts', { invited: n.invited, yes: n.yes, maybe: n.maybe, no: n.no, silent: n.silent })}</p>
            {begun && e.quorum && <Note tone={e.quorum.holds ? 'ok' : 'warn'}><p>{t(e.quorum.holds ? 'events.quorum_holds' : 'events.quorum_none', { present: e.quorum.present, needed: e.quorum.needed })}</p></Note>}
            {error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, error)}</p></Note>}
            <div className="event-doings">
                {e.may.change && <Button icon={UserPlus} onPress={() => { setOpen('people'); }}>{t('events.invite')}</Button>}
                {e.may.change && <Button icon={Baby} onPress={() => { setOpen('child'); }}>{t('events.invite_child')}</Button>}
                {begun && n.unmarked > 0 && <Button isPending={mark.pending} onPress={() => { mark.run(rest(e)); }}>{t('events.mark_rest', { n: n.unmarked })}</Button>}
            </div>
            <div className="table-wrap">
                <table className="table cards">
                    <caption className="spoken">{t('events.people')}</caption>
                    <thead><tr><th>{t('events.name')}</th><th>{t('events.part')}</th><th>{t('events.answered')}</th>{came && <th>{t('events.came')}</th>}{e.may.change && <th><span className="spoken">{t('events.withdraw')}</span></th>}</tr></thead>
                    <tbody>
                        {e.invites.map((i) => (
                            <Guest key={i.person.id} event={e} invite={i} came={came} onMark={(m) => { mark.run([{ user: i.person.id, mark: m }]); }}
                                onBack={me.role === 'coordinator' && i.part !== 'host' ? () => { back.run(i.person.id); } : null} />
                        ))}
                    </tbody>
                </table>
            </div>
            {open === 'people' && <InviteSheet event={e} onClose={close} onDone={done} />}
            {open === 'child' && <ChildSheet event={e} onClose={close} onDone={done} />}
        </section>
    );
}

function Guest({ event: e, invite: i, came, onMark, onBack }: { event: Event; invite: EventInvite; came: boolean; onMark: (m: EventMarkNew['mark']) => void; onBack: (() => void) | null }) {
    const { t } = useI18n();
    return (
        <tr>
            <th scope="row">{i.person.name}{i.child && <span className="row-sub">{t('events.child', { why: i.exception ?? '' })}</span>}</th>
            <td data-label={t('events.part')}>{t(`events.parts.${i.part}`)}</td>
            <td data-label={t('events.answered')}><span>{t(`events.answers.${i.answer}`)}{i.note && <span className="row-sub">{i.note}</span>}</span></td>
            {came && <td data-label={t('events.came')}>
                {e.may.write ? (
                    <select className="input" aria-label={t('events.mark_of', { name: i.person.name })} value={i.mark} onChange={(x) => { onMark(x.target.value as EventMarkNew['mark']); }}>
                        {i.mark === 'none' && <option value="none">{t('events.marks.none')}</option>}
                        {MARKS.map((m) => <option key={m} value={m}>{t(`events.marks.${m}`)}</option>)}
                    </select>
                ) : <span>{t(`events.marks.${i.mark}`)}{i.self && <span className="row-sub">{t('events.self')}</span>}</span>}
            </td>}
            {e.may.change && <td>{onBack && <Button look="link" onPress={onBack} aria-label={t('events.withdraw_of', { name: i.person.name })}>{t('events.withdraw')}</Button>}</td>}
        </tr>
    );
}
