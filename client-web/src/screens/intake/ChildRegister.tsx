// SPDX-License-Identifier: Apache-2.0
//
// The centre's register of children: where each case stands, whose papers run out, who may be the same.
import { useEffect, useState } from 'react';
import { CircleAlert, FolderOpen } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { RegisterEntry, Validity } from '../../core/api.gen.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { TextField } from '../../ui/Field.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Listed } from './Listed.tsx';
import { CASE_TONE } from './states.ts';
import { usePages } from './usePages.ts';
import { usePaperWords } from './usePaperWords.ts';
import '../../ui/table.css';
import './intake.css';

const PAUSE_MS = 250;

export default function ChildRegister() {
    const { t } = useI18n();
    const [typed, setTyped] = useState('');
    const [q, setQ] = useState('');
    const [which, setWhich] = useState<'all' | 'expiring'>('all');
    useEffect(() => {
        const timer = setTimeout(() => { setQ(typed.trim()); }, PAUSE_MS);
        return () => { clearTimeout(timer); };
    }, [typed]);
    const pages = usePages(`register ${which} ${q}`, (cursor, signal) => api.childRegister(q, which === 'expiring', cursor, signal));
    return (
        <OfficePage title={t('intake.register.title')} sub={t('intake.register.sub')}>
            <div className="intake-bar">
                <TextField label={t('intake.register.search')} type="search" value={typed} onChange={setTyped} maxLength={80} maxBytes={320} />
                <Choice label={t('intake.register.which')} value={which} onChange={setWhich}
                    options={[{ value: 'all', label: t('intake.register.which_all') }, { value: 'expiring', label: t('intake.register.which_expiring') }]} />
            </div>
            <Listed pages={pages} icon={FolderOpen} empty={t(q ? 'intake.register.empty_q' : which === 'expiring' ? 'intake.register.empty_expiring' : 'intake.register.empty')}>
                <div className="card table-wrap">
                    <table className="table cards intake-table">
                        <thead>
                            <tr>
                                <th>{t('intake.register.child')}</th><th>{t('intake.register.no')}</th><th>{t('intake.list.school')}</th><th>{t('intake.register.case')}</th>
                                <th>{t('intake.register.basis')}</th><th>{t('intake.register.recommendation')}</th>
                            </tr>
                        </thead>
                        <tbody>{pages.items.map((it) => <Row key={it.child.id} it={it} />)}</tbody>
                    </table>
                </div>
            </Listed>
        </OfficePage>
    );
}

function Row({ it }: { it: RegisterEntry }) {
    const { t, fmt } = useI18n();
    const link = useLink();
    return (
        <tr>
            <th scope="row">
                {it.case ? <a className="intake-name" {...link({ at: 'case', child: it.child.id })} aria-label={t('intake.register.open', { name: it.child.name })}>{it.child.name}</a> : it.child.name}
                <span className="intake-sub">{t('common.grade', { n: it.grade })}{it.birth_date && ` · ${fmt.dayYear(it.birth_date)}`}</span>
                {it.alike.length > 0 && <Chip tone="warn" icon={CircleAlert}>{t('intake.register.alike', { names: fmt.list(it.alike.map((a) => a.child.name)) })}</Chip>}
            </th>
            <td data-label={t('intake.register.no')}>{it.register_no}</td>
            <td data-label={t('intake.list.school')}>{it.school.name}</td>
            <td data-label={t('intake.register.case')}>{it.case ? <Chip tone={CASE_TONE[it.case]}>{t(`intake.case.state.${it.case}`)}</Chip> : <span className="quiet">{t('intake.register.no_case')}</span>}</td>
            <td data-label={t('intake.register.basis')}><Paper paper={it.papers.basis} /></td>
            <td data-label={t('intake.register.recommendation')}><Paper paper={it.papers.recommendation} /></td>
        </tr>
    );
}

function Paper({ paper }: { paper: Validity }) {
    const words = usePaperWords();
    return <Chip tone={words.tone(paper)}>{words.state(paper)}</Chip>;
}
