// SPDX-License-Identifier: Apache-2.0
//
// A new section of the catalogue: whose it is, for whom, and its groups with their weekly times. A
// provider that is not in the list is entered on the way.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { SectionKind, SectionNew as Wanted } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { GroupFields, newGroup, type GroupDraft } from './GroupFields.tsx';
import { ProviderSheet } from './ProviderSheet.tsx';
import { SectionsFrame } from './SectionsFrame.tsx';

const KINDS: SectionKind[] = ['sport', 'music', 'dance', 'art', 'science', 'language', 'craft', 'correspondence', 'vocational', 'other'];

export default function SectionNew() {
    const { t } = useI18n();
    const { data, error, reload } = useLoad('providers', api.providers);
    return (
        <SectionsFrame title={t('sectionnew.title')} back={{ at: 'sections' }} backName={t('sections.title')}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={4} onRetry={reload} />)}
            {data && <Form providers={data.providers} onProvider={reload} />}
        </SectionsFrame>
    );
}

function Form({ providers, onProvider }: { providers: { id: number; name: string }[]; onProvider: () => void }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const [adding, setAdding] = useState(false);
    const [provider, setProvider] = useState('');
    const [title, setTitle] = useState('');
    const [kind, setKind] = useState<SectionKind>('sport');
    const [leader, setLeader] = useState('');
    const [where, setWhere] = useState<'place' | 'online'>('place');
    const [place, setPlace] = useState('');
    const [travel, setTravel] = useState('0');
    const [ages, setAges] = useState({ from: '6', to: '17' });
    const [paper, setPaper] = useState<'no' | 'yes'>('no');
    const [groups, setGroups] = useState<GroupDraft[]>([newGroup(0)]);
    const wanted: Wanted = {
        title: title.trim(), kind, provider: Number(provider), leader: leader.trim(), online: where === 'online',
        age_from: Number(ages.from), age_to: Number(ages.to), paper_needed: paper === 'yes',
        ...(where === 'place' ? { place: place.trim(), travel_minutes: Number(travel) || 0 } : {}),
        groups: groups.map((g) => ({ name: g.name.trim(), capacity: Number(g.capacity), slots: g.slots.map((s) => ({ weekday: Number(s.weekday), time: s.time, minutes: Number(s.minutes) })) })),
    };
    const save = useAction((key) => api.createSection(wanted, key), (made) => { go({ at: 'section', id: made.value.id }); });
    const why = !provider ? t('sectionnew.need_provider') : !wanted.title || !wanted.leader ? t('sectionnew.need_names')
        : wanted.age_from > wanted.age_to ? t('sectionnew.need_ages')
        : groups.some((g) => !g.name.trim() || !Number(g.capacity) || g.slots.some((s) => !s.time)) ? t('sectionnew.need_groups') : null;
    return (
        <form className="card form section-form" noValidate onSubmit={(e) => { e.preventDefault(); if (!why) save.run(); }}>
            {save.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, save.error)}</p></Note>}
            <SelectField label={t('sectionnew.provider')} value={provider} onChange={setProvider}>
                <option value="">{t('sectionnew.choose_provider')}</option>
                {providers.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}
            </SelectField>
            <div><Button onPress={() => { setAdding(true); }}>{t('sectionnew.provider_new')}</Button></div>
            <div className="form-row">
                <TextField label={t('sectionnew.name')} value={title} onChange={setTitle} maxLength={80} />
                <TextField label={t('sectionnew.leader')} value={leader} onChange={setLeader} maxLength={80} />
            </div>
            <SelectField label={t('sections.kind')} value={kind} onChange={(v) => { setKind(v as SectionKind); }}>
                {KINDS.map((k) => <option key={k} value={k}>{t(`sections.kinds.${k}`)}</option>)}
            </SelectField>
            <Choice label={t('sections.where')} value={where} onChange={setWhere} options={[{ value: 'place', label: t('sectionnew.at_place') }, { value: 'online', label: t('sections.online_only') }]} />
            {where === 'place' && (
                <div className="form-row">
                    <TextField label={t('sectionnew.place')} value={place} onChange={setPlace} maxLength={120} />
                    <TextField label={t('sectionnew.travel')} type="number" value={travel} onChange={setTravel} />
                </div>
            )}
            <div className="form-row">
                <TextField label={t('sectionnew.age_from')} type="number" value={ages.from} onChange={(from) => { setAges({ ...ages, from }); }} />
                <TextField label={t('sectionnew.age_to')} type="number" value={ages.to} onChange={(to) => { setAges({ ...ages, to }); }} />
            </div>
            <Choice label={t('sectionnew.paper')} value={paper} onChange={setPaper} options={[{ value: 'no', label: t('sectionnew.paper_no') }, { value: 'yes', label: t('sectionnew.paper_yes') }]} />
            {groups.map((g, i) => <GroupFields key={g.id} group={g} no={i + 1} onChange={(next) => { setGroups(groups.map((x) => (x === g ? next : x))); }} onRemove={groups.length > 1 ? () => { setGroups(groups.filter((x) => x !== g)); } : null} />)}
            <div><Button onPress={() => { setGroups([...groups, newGroup(Math.max(...groups.map((g) => g.id)) + 1)]); }}>{t('sectionnew.group_new')}</Button></div>
            <div className="sheet-actions"><Button look="main" type="submit" isPending={save.pending} blocked={why}>{t('sectionnew.save')}</Button></div>
            {adding && <ProviderSheet onClose={() => { setAdding(false); }} onDone={(id) => { setAdding(false); onProvider(); setProvider(String(id)); }} />}
        </form>
    );
}
