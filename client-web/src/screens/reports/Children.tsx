// SPDX-License-Identifier: Apache-2.0
//
// The children a person works with; for those who may, a way to the child's log.
import { useState } from 'react';
import { Users } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ChildItem } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import { SettingsButton } from '../settings/SettingsButton.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import '../../ui/table.css';
import './reports.css';

export default function Children() {
    const { t } = useI18n();
    const me = useMe();
    const [q, setQ] = useState('');
    const { data, error, reload } = useLoad('children', (signal) => api.children(undefined, undefined, signal));
    if (me.role === 'guardian') {
        return (
            <FamilyPage title={t('children.title')} lead={<SettingsButton />} end={<HelpButton call={{ place: 'home' }} />}>
                <div className="card"><Empty icon={Users} sentence={t('children.empty_guardian')} /></div>
            </FamilyPage>
        );
    }
    const items = (data?.items ?? []).filter((c) => c.child.name.toLocaleLowerCase().includes(q.trim().toLocaleLowerCase()));
    return (
        <OfficePage title={t('children.title')}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data && data.items.length === 0 && <div className="card"><Empty icon={Users} sentence={t('children.empty')} /></div>}
            {data && data.items.length > 8 && <div className="children-search"><TextField label={t('children.search')} type="search" value={q} onChange={setQ} /></div>}
            {items.length > 0 && <ChildTable items={items} log={me.role !== 'school_officer'} />}
        </OfficePage>
    );
}

function ChildTable({ items, log }: { items: ChildItem[]; log: boolean }) {
    const { t, fmt } = useI18n();
    const link = useLink();
    return (
        <div className="card table-wrap">
            <table className="table cards">
                <thead><tr><th>{t('children.name')}</th><th>{t('children.grade')}</th><th>{t('children.school')}</th><th>{t('children.mentors')}</th></tr></thead>
                <tbody>
                    {items.map((c) => (
                        <tr key={c.child.id}>
                            <th scope="row">{log ? <a className="row-link" {...link({ at: 'log', child: c.child.id, month: null })} aria-label={t('children.open_log', { name: c.child.name })}>{c.child.name}</a> : <a className="row-link" {...link({ at: 'programme', child: c.child.id })} aria-label={t('family.open_programme', { name: c.child.name })}>{c.child.name}</a>}</th>
                            <td data-label={t('children.grade')}>{c.grade}</td>
                            <td data-label={t('children.school')}>{c.school.name}</td>
                            <td className="wrap">{fmt.list(c.mentors.map((m) => t(m.lead ? 'children.lead' : 'children.mentor', { name: m.mentor.name, subject: t(`subject.${m.subject}`) })))}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
