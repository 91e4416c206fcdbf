// SPDX-License-Identifier: Apache-2.0
//
// The catalogue of clubs and sections with its filters; for the centre also the places that lessons of
// the published timetable are in the way of.
import { useState } from 'react';
import { Shapes } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Section, SectionKind } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Clashes } from './Clashes.tsx';
import { SectionFacts } from './SectionFacts.tsx';
import { SectionsFrame } from './SectionsFrame.tsx';
import { freePlaces, useSlots } from './useSlots.ts';
import '../../ui/table.css';

const KINDS: SectionKind[] = ['sport', 'music', 'dance', 'art', 'science', 'language', 'craft', 'correspondence', 'vocational', 'other'];
const AGES = Array.from({ length: 12 }, (_, i) => i + 6);

export default function Sections() {
    const { t } = useI18n();
    const link = useLink();
    const me = useMe();
    const [kind, setKind] = useState<SectionKind | ''>('');
    const [age, setAge] = useState('');
    const [where, setWhere] = useState<'any' | 'online'>('any');
    const { data, error, reload } = useLoad(`sections ${kind} ${age} ${where}`, (signal) =>
        api.sections({ kind: kind || undefined, age: age ? Number(age) : undefined, online: where === 'online' ? 'yes' : undefined }, signal));
    const filtered = kind !== '' || age !== '' || where !== 'any';
    const child = me.role === 'child' ? me.id : me.children[0]?.id;
    return (
        <SectionsFrame title={t('sections.title')} back={child ? { at: 'choices', child } : null} backName="">
            {me.role === 'coordinator' && <div><LinkButton {...link({ at: 'section_new' })}>{t('sectionnew.link')}</LinkButton></div>}
            {me.role === 'coordinator' ? <Clashes /> : <p className="quiet">{t('sections.intro')}</p>}
            <div className="section-filter">
                <SelectField label={t('sections.kind')} value={kind} onChange={(v) => { setKind(v as SectionKind | ''); }}>
                    <option value="">{t('sections.kind_all')}</option>
                    {KINDS.map((k) => <option key={k} value={k}>{t(`sections.kinds.${k}`)}</option>)}
                </SelectField>
                <SelectField label={t('sections.age')} value={age} onChange={setAge}>
                    <option value="">{t('sections.age_any')}</option>
                    {AGES.map((n) => <option key={n} value={n}>{n}</option>)}
                </SelectField>
                <Choice label={t('sections.where')} value={where} onChange={setWhere}
                    options={[{ value: 'any', label: t('sections.where_any') }, { value: 'online', label: t('sections.online_only') }]} />
            </div>
            {!data && (error ? <Failed sentence={errorSentence(t, error, me.role)} onRetry={reload} /> : <Loading rows={4} onRetry={reload} />)}
            {data?.sections.length === 0 && <div className="card"><Empty icon={Shapes} sentence={t(filtered ? 'sections.empty' : 'sections.none')} /></div>}
            <div className="section-cards">{data?.sections.map((s) => <SectionCard key={s.id} section={s} />)}</div>
        </SectionsFrame>
    );
}

function SectionCard({ section: s }: { section: Section }) {
    const { t } = useI18n();
    const link = useLink();
    const slots = useSlots();
    const free = s.groups.reduce((sum, g) => sum + freePlaces(g), 0);
    return (
        <article className="card section-card">
            <h2><a className="row-link" {...link({ at: 'section', id: s.id })}>{s.title}</a></h2>
            <SectionFacts section={s} />
            <ul className="section-hours">{s.groups.map((g) => <li key={g.id}>{slots(g)}</li>)}</ul>
            {s.open && <p className="quiet">{t('sections.free', { n: free })}</p>}
        </article>
    );
}
