// SPDX-License-Identifier: Apache-2.0
import { CircleAlert, CircleCheck, Hourglass } from 'lucide-react';
import type { MentorPapers } from '../../core/api.gen.ts';
import { holder } from '../../core/hiring.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { useHiringWords } from './useHiringWords.ts';
import '../../ui/table.css';

const SHOWN = 3;

/** The papers in a chip: in order, somebody has to look, something is missing. */
function Papers({ item: m }: { item: MentorPapers }) {
    const { t } = useI18n();
    const waits = m.missing.filter((g) => g.cause === 'waiting').length;
    if (m.complete) return <Chip tone="ok" icon={CircleCheck}>{t('hiring.complete')}</Chip>;
    return waits === m.missing.length ? <Chip tone="info" icon={Hourglass}>{t('hiring.to_check', { n: waits })}</Chip>
        : <Chip tone="warn" icon={CircleAlert}>{t('hiring.lacks', { n: m.missing.length })}</Chip>;
}

function Missing({ item: m, tz }: { item: MentorPapers; tz: string }) {
    const { t, fmt } = useI18n();
    const { dayOf } = useHiringWords();
    const names = m.missing.slice(0, SHOWN).map((g) => t(`hiring.gate.${g.gate}`));
    const rest = m.missing.length - names.length;
    const soon = [...m.expiring].sort((a, b) => a.until - b.until)[0];
    return (
        <>
            {names.length > 0 && <span>{rest > 0 ? t('hiring.missing_more', { list: names.join(', '), n: rest }) : fmt.list(names)}</span>}
            {soon && <span className="row-soon">{t('hiring.expires_on', { paper: t(`hiring.gate.${soon.gate}`), day: dayOf(soon.until - 1, tz) })}</span>}
            {names.length === 0 && !soon && <span className="quiet">{t('hiring.nothing_to_do')}</span>}
        </>
    );
}

export function MentorTable({ items }: { items: MentorPapers[] }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    return (
        <div className="card table-wrap">
            <table className="table cards mentor-table">
                <thead><tr><th>{t('hiring.mentor')}</th><th>{t('hiring.papers')}</th><th>{t('hiring.what')}</th><th>{t('hiring.schools')}</th></tr></thead>
                <tbody>
                    {items.map((m) => (
                        <tr key={m.mentor.id}>
                            <th scope="row"><a className="row-link" {...link({ at: 'mentor', id: m.mentor.id })} aria-label={t('hiring.open_file_of', { name: m.mentor.name })}>{m.mentor.name}</a></th>
                            <td data-label={t('hiring.papers')}><Papers item={m} /></td>
                            <td className="wrap"><Missing item={m} tz={me.centre.tz} /></td>
                            <td className="wrap">
                                {m.applications.length === 0 && <span className="quiet">{t('hiring.no_school')}</span>}
                                <ul className="row-schools">{m.applications.map((a) => (
                                    <li key={a.id}>{t('hiring.school_state', { school: a.school.name, state: t(`hiring.app.${a.state}`) })}
                                        {holder(a.state) === 'school' && me.role === 'school_officer' && <> <Chip tone="warn">{t('hiring.your_turn')}</Chip></>}
                                        {holder(a.state) === 'centre' && me.role !== 'school_officer' && <> <Chip tone="warn">{t('hiring.your_turn')}</Chip></>}
                                    </li>
                                ))}</ul>
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
