// SPDX-License-Identifier: Apache-2.0
//
// One section: its groups with hours and places, and the visits by which a child gets to know it.
import { Phone } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Section } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { SectionFacts } from './SectionFacts.tsx';
import { SectionsFrame } from './SectionsFrame.tsx';
import { useSlots } from './useSlots.ts';
import { Visits } from './Visits.tsx';
import '../../ui/table.css';

export default function SectionPage({ id }: { id: number }) {
    const { t } = useI18n();
    const me = useMe();
    const { data, error, reload, set } = useLoad(`section ${id}`, (signal) => api.section(id, signal));
    const turn = useAction((key, open: boolean) => api.openSection(id, open, data?.etag ?? '', key), set);
    const s = data?.value;
    return (
        <SectionsFrame title={s?.title ?? t('sections.title')} back={{ at: 'sections' }} backName={t('sections.title')}>
            {!s && (error ? <Failed sentence={errorSentence(t, error, me.role)} onRetry={reload} /> : <Loading rows={4} onRetry={reload} />)}
            {s && (
                <section className="card section-card">
                    <SectionFacts section={s} />
                    <p>{t('sections.leader', { name: s.leader })}. {t('sections.provider', { name: s.provider.name })}.</p>
                    {s.provider.phone && me.role !== 'child' && <div><LinkButton icon={Phone} href={`tel:${s.provider.phone.replace(/[^+\d]/g, '')}`}>{t('sections.call', { phone: s.provider.phone })}</LinkButton></div>}
                    <Groups section={s} />
                    {turn.error !== null && <Failed sentence={errorSentence(t, turn.error)} onRetry={() => { turn.clear(); reload(); }} />}
                    {me.role === 'coordinator' && <div><Button isPending={turn.pending} onPress={() => { turn.run(!s.open); }}>{t(s.open ? 'sections.close' : 'sections.open')}</Button></div>}
                </section>
            )}
            {s && <Visits section={s} />}
        </SectionsFrame>
    );
}

function Groups({ section: s }: { section: Section }) {
    const { t, fmt } = useI18n();
    const slots = useSlots();
    return (
        <>
            <div className="table-wrap">
                <table className="table cards">
                    <caption className="spoken">{t('sections.groups')}</caption>
                    <thead><tr><th>{t('sections.group')}</th><th>{t('sections.hours')}</th><th>{t('sections.places')}</th></tr></thead>
                    <tbody>
                        {s.groups.map((g) => (
                            <tr key={g.id}>
                                <th scope="row">{g.name}</th>
                                <td data-label={t('sections.hours')}>{slots(g)}</td>
                                <td data-label={t('sections.places')}>{t('sections.taken_of', { taken: g.taken, capacity: g.capacity })}{g.waiting > 0 && `, ${t('sections.waiting', { n: g.waiting })}`}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            <p className="quiet small">{t('sections.zone', { zone: fmt.zone(s.tz) })}</p>
        </>
    );
}
