// SPDX-License-Identifier: Apache-2.0
//
// One wish or place: how it stands, what is missing, which lesson is in the way and which groups fit.
import { useState } from 'react';
import { CircleCheck, Clock, Hourglass, Star } from 'lucide-react';
import { api, type Versioned } from '../../core/api.ts';
import type { Choice, ChoiceItem, ChoiceState } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import type { Icon } from '../../ui/icon.ts';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Note } from '../../ui/Note.tsx';
import { useSlots } from '../sections/useSlots.ts';
import { LeaveSheet } from './LeaveSheet.tsx';

const LOOK: Record<ChoiceState, [Tone, Icon]> = { wished: ['info', Hourglass], active: ['ok', CircleCheck], waiting: ['plain', Clock], offered: ['warn', Star] };

export function ChoiceCard({ item: k, tz, onDone }: { item: ChoiceItem; tz: string; onDone: (after: Versioned<Choice>) => void }) {
    const { t, fmt } = useI18n();
    const link = useLink();
    const family = useMe().role === 'guardian';
    const slots = useSlots();
    const [leaving, setLeaving] = useState(false);
    const accept = useAction((key) => api.acceptPlace(k.id, key), onDone);
    const group = k.section.groups.find((g) => g.id === k.group);
    const [tone, icon] = LOOK[k.state];
    return (
        <section className="card section-card" aria-labelledby={`choice-${k.id}`}>
            <div className="choice-head">
                <h2 id={`choice-${k.id}`}><a {...link({ at: 'section', id: k.section.id })}>{k.section.title}</a></h2>
                <Chip tone={tone} icon={icon}>{t(`choices.state.${k.state}`)}</Chip>
            </div>
            {group && <p>{t('sections.group_at', { name: group.name, slots: slots(group) })}</p>}
            {k.rank !== null && <p className="quiet">{t('choices.rank', { n: k.rank })}</p>}
            {k.offer_to !== null && <p>{t('choices.offer_to', { when: fmt.dayTime(k.offer_to, tz) })}</p>}
            {k.faults.length > 0 && <Missing item={k} tz={tz} onDone={onDone} />}
            {accept.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, accept.error)}</p></Note>}
            {family && (
                <div className="choice-doings">
                    {k.state === 'offered' && <Button look="soft" isPending={accept.pending} onPress={() => { accept.run(); }}>{t('choices.accept')}</Button>}
                    <Button look="link" onPress={() => { setLeaving(true); }} aria-label={t('choices.leave_of', { title: k.section.title })}>{t('choices.leave')}</Button>
                </div>
            )}
            {leaving && <LeaveSheet item={k} onClose={() => { setLeaving(false); }} onDone={(after) => { setLeaving(false); onDone(after); }} />}
        </section>
    );
}

/** Each thing in the way, and for times the groups that fit. */
function Missing({ item: k, tz, onDone }: { item: ChoiceItem; tz: string; onDone: (after: Versioned<Choice>) => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const link = useLink();
    const slots = useSlots();
    const move = useAction((key, group: number) => api.changeGroup(k.id, group, key), onDone);
    const ofTime = k.faults.includes('choice_clash') || k.faults.includes('choice_overlap');
    const clash = k.clashes[0];
    return (
        <Note tone="warn" title={t('choices.missing')}>
            <ul className="section-list">{k.faults.map((f) => <li key={f}>{t(`choices.fault.${f}`)}</li>)}</ul>
            {clash && <p>{t('choices.clash', { when: fmt.dayTime(clash.meeting, tz), subject: t(`subject.${clash.lesson.subject}`), at: fmt.clock(clash.lesson.start, tz) })}</p>}
            {k.faults.includes('choice_uninformed') && <div><LinkButton {...link({ at: 'section', id: k.section.id })}>{t('choices.visits')}</LinkButton></div>}
            {move.error !== null && <p role="alert">{errorSentence(t, move.error, me.role)}</p>}
            {ofTime && <p>{t(k.proposals.length > 0 ? 'choices.fits' : 'choices.fits_none')}</p>}
            {ofTime && (
                <ul className="section-list">
                    {k.proposals.map((g) => (
                        <li key={g.id} className="visitor">
                            <span>{t('sections.group_at', { name: g.name, slots: slots(g) })}</span>
                            {me.role === 'guardian' && k.state === 'active' && <Button isPending={move.pending} onPress={() => { move.run(g.id); }}>{t('choices.change', { name: g.name })}</Button>}
                        </li>
                    ))}
                </ul>
            )}
        </Note>
    );
}
