// SPDX-License-Identifier: Apache-2.0
//
// What waits for the centre first: programmes to decide on, children without a lead mentor or without
// other children; then the catalogue.
import { useState } from 'react';
import { BookOpen, ListChecks, Plus } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ProgrammeApproval } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { SubjectBar } from '../../ui/SubjectTile.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { CatalogueSheet } from './CatalogueSheet.tsx';
import { WaitingLists } from './WaitingLists.tsx';
import { hoursOf } from './words.ts';
import '../../ui/table.css';
import './programme.css';

const GRADES = Array.from({ length: 11 }, (_, i) => i + 1);

export default function Programmes() {
    const { t } = useI18n();
    const me = useMe();
    const decides = me.role === 'coordinator';
    const [entering, setEntering] = useState(false);
    const [entered, setEntered] = useState(0);
    return (
        <OfficePage title={t('programme.title')} actions={decides && <Button icon={Plus} onPress={() => { setEntering(true); }}>{t('programme.enter')}</Button>}>
            {entered > 0 && <Note tone="ok" role="status"><p>{t('programme.entered')}</p></Note>}
            {decides && <Approvals />}
            {decides && <WaitingLists />}
            <Catalogue turn={entered} />
            {entering && <CatalogueSheet onClose={() => { setEntering(false); }} onDone={() => { setEntering(false); setEntered((n) => n + 1); }} />}
        </OfficePage>
    );
}

function Approvals() {
    const { t } = useI18n();
    const { data, error, reload } = useLoad('approvals', (signal) => api.programmeApprovals(signal));
    return (
        <section className="programme-part">
            <h2>{t('programme.waiting')}</h2>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={2} onRetry={reload} />)}
            {data && data.items.length === 0 && <div className="card"><Empty icon={ListChecks} sentence={t('programme.waiting_empty')} /></div>}
            {data && data.items.length > 0 && (
                <div className="card table-wrap">
                    <table className="table cards">
                        <thead><tr><th>{t('programme.child')}</th><th>{t('programme.grade')}</th><th>{t('programme.week')}</th><th>{t('programme.by')}</th><th>{t('programme.waits')}</th></tr></thead>
                        <tbody>{data.items.map((item) => <ApprovalRow key={item.id} item={item} />)}</tbody>
                    </table>
                </div>
            )}
        </section>
    );
}

function ApprovalRow({ item }: { item: ProgrammeApproval }) {
    const { t } = useI18n();
    const link = useLink();
    return (
        <tr>
            <th scope="row"><a className="programme-link" {...link({ at: 'programme', child: item.child.id })} aria-label={t('programme.look', { name: item.child.name })}>{item.child.name}</a></th>
            <td data-label={t('programme.grade')}>{item.grade}</td>
            <td data-label={t('programme.week')}>{hoursOf(t, item.week_minutes)}</td>
            <td data-label={t('programme.by')}>{item.own ? t('programme.own') : item.by.name}</td>
            <td data-label={t('programme.waits')}>
                <span className="programme-chips">{t('programme.days', { n: item.waiting_days })}{item.overdue && <Chip tone="warn">{t('programme.overdue')}</Chip>}</span>
            </td>
        </tr>
    );
}

function Catalogue({ turn }: { turn: number }) {
    const { t } = useI18n();
    const [grade, setGrade] = useState('');
    const { data, error, reload } = useLoad(`catalogue ${grade} ${turn}`, (signal) => api.programmes(grade ? Number(grade) : undefined, undefined, signal));
    return (
        <section className="programme-part">
            <div className="programme-head">
                <h2>{t('programme.catalogue')}</h2>
                <SelectField label={t('programme.grade')} value={grade} onChange={setGrade}>
                    <option value="">{t('programme.any_grade')}</option>
                    {GRADES.map((g) => <option key={g} value={g}>{t('common.grade', { n: g })}</option>)}
                </SelectField>
            </div>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={4} onRetry={reload} />)}
            {data && data.items.length === 0 && <div className="card"><Empty icon={BookOpen} sentence={t('programme.catalogue_empty')} /></div>}
            {data && data.items.length > 0 && (
                <div className="card table-wrap">
                    <table className="table cards">
                        <thead><tr><th>{t('programme.subject')}</th><th>{t('programme.grade')}</th><th>{t('programme.name')}</th><th>{t('programme.week')}</th><th>{t('programme.year')}</th></tr></thead>
                        <tbody>
                            {data.items.map((p) => (
                                <tr key={p.id}>
                                    <th scope="row"><span className="programme-subject"><SubjectBar subject={p.subject} />{t(`subject.${p.subject}`)}</span></th>
                                    <td data-label={t('programme.grade')}>{p.grade}</td>
                                    <td data-label={t('programme.name')}><span>{p.title} <span className="quiet small">{t('programme.version', { n: p.number })}</span></span></td>
                                    <td data-label={t('programme.week')}>{hoursOf(t, p.week_minutes)}</td>
                                    <td data-label={t('programme.year')}>{hoursOf(t, p.year_minutes)}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </section>
    );
}
