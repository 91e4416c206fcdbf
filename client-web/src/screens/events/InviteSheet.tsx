// SPDX-License-Identifier: Apache-2.0
//
// Invites adults: by name, all of a role, or the officers of schools.
import { useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { api } from '../../core/api.ts';
import type { Event, EventPeople } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Checks } from '../../ui/Checks.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import type { Versioned } from './EventPage.tsx';

const ROLES = ['guardian', 'mentor', 'coordinator', 'school_officer'] as const;
type InvitedRole = (typeof ROLES)[number];
const SHOWN = 40;

export function InviteSheet({ event: e, onClose, onDone }: { event: Event; onClose: () => void; onDone: (v: Versioned) => void }) {
    const { t } = useI18n();
    const { data, error, reload } = useLoad('event-people', api.eventPeople);
    const [by, setBy] = useState<'people' | 'roles' | 'schools'>('people');
    const [part, setPart] = useState<'speaker' | 'listener'>('listener');
    const [people, setPeople] = useState<number[]>([]);
    const [roles, setRoles] = useState<InvitedRole[]>([]);
    const [schools, setSchools] = useState<string[]>([]);
    const [tried, setTried] = useState(false);
    const send = useAction((key) => api.inviteToEvent(e.id, { part, people, roles, schools: schools.map(Number) }, key), onDone);
    const some = people.length + roles.length + schools.length > 0;
    return (
        <Sheet open onClose={onClose} title={t('events.invite')} wide>
            <form className="form" noValidate onSubmit={(f) => { f.preventDefault(); setTried(true); if (some) send.run(); }}>
                {send.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
                {tried && !some && <Note tone="warn" role="alert"><p>{t('events.invite_nobody')}</p></Note>}
                <Choice label={t('events.invite_whom')} value={by} onChange={setBy} options={[
                    { value: 'people', label: t('events.invite_people') }, { value: 'roles', label: t('events.invite_roles') }, { value: 'schools', label: t('events.invite_schools') }]} />
                {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={3} onRetry={reload} />)}
                {data && by === 'people' && <Names all={data} event={e} chosen={people} onChange={setPeople} />}
                {by === 'roles' && <Checks label={t('events.invite_roles')} value={roles} onChange={setRoles} options={ROLES.map((value) => ({ value, label: t(`events.roles.${value}`) }))} />}
                {data && by === 'schools' && <Checks label={t('events.invite_schools')} value={schools} onChange={setSchools} options={data.schools.map((s) => ({ value: String(s.id), label: s.name }))} />}
                <Choice label={t('events.part')} value={part} onChange={setPart} options={[
                    { value: 'listener', label: t('events.parts.listener') }, { value: 'speaker', label: t('events.parts.speaker') }]} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" type="submit" isPending={send.pending}>{t('events.invite_send')}</Button>
                </div>
            </form>
        </Sheet>
    );
}

function Names({ all, event: e, chosen, onChange }: { all: EventPeople; event: Event; chosen: number[]; onChange: (ids: number[]) => void }) {
    const { t } = useI18n();
    const [find, setFind] = useState('');
    const invited = new Set(e.invites.map((i) => i.person.id));
    const free = all.people.filter((p, i) => !invited.has(p.id) && all.people.findIndex((q) => q.id === p.id) === i);
    const found = free.filter((p) => chosen.includes(p.id) || p.name.toLowerCase().includes(find.trim().toLowerCase())).slice(0, SHOWN);
    return (
        <>
            <TextField label={t('events.find')} type="search" value={find} onChange={setFind} />
            {found.length === 0 && <p className="quiet">{t(free.length === 0 ? 'events.find_all' : 'events.find_none')}</p>}
            <div className="event-found" role="group" aria-label={t('events.invite_people')}>
                {found.map((p) => (
                    <ToggleButton key={p.id} className="choice-item" isSelected={chosen.includes(p.id)}
                        onChange={(is) => { onChange(is ? [...chosen, p.id] : chosen.filter((id) => id !== p.id)); }}>
                        {p.name} · {t(`role.${p.role}`)}
                    </ToggleButton>
                ))}
            </div>
        </>
    );
}
