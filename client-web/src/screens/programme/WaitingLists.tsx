// SPDX-License-Identifier: Apache-2.0
//
// Children without a lead mentor, and those who had no lesson among other children this term.
import { HeartHandshake, UsersRound } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { WithoutMentor, WithoutPeers } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';

export function WaitingLists() {
    return <><WithoutLead /><Alone /></>;
}

function WithoutLead() {
    const { t } = useI18n();
    const { data, error, reload } = useLoad('without lead', (signal) => api.childrenWithoutMentor(signal));
    return (
        <section className="programme-part">
            <h2>{t('waiting.lead')}</h2>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={2} onRetry={reload} />)}
            {data && data.items.length === 0 && <div className="card"><Empty icon={HeartHandshake} sentence={t('waiting.lead_empty')} /></div>}
            {data && data.items.length > 0 && (
                <div className="card table-wrap">
                    <table className="table cards">
                        <thead><tr><th>{t('programme.child')}</th><th>{t('programme.grade')}</th><th>{t('waiting.school')}</th><th>{t('candidates.now')}</th><th>{t('programme.waits')}</th></tr></thead>
                        <tbody>{data.items.map((w) => <LeadRow key={w.child.id} item={w} />)}</tbody>
                    </table>
                </div>
            )}
        </section>
    );
}

function LeadRow({ item }: { item: WithoutMentor }) {
    const { t } = useI18n();
    const link = useLink();
    return (
        <tr>
            <th scope="row"><a className="programme-link" {...link({ at: 'candidates', child: item.child.id })} aria-label={t('waiting.choose', { name: item.child.name })}>{item.child.name}</a></th>
            <td data-label={t('programme.grade')}>{item.grade}</td>
            <td data-label={t('waiting.school')}>{item.school.name}</td>
            <td data-label={t('candidates.now')}>{t('waiting.teachers', { n: item.subject_mentors })}</td>
            <td data-label={t('programme.waits')}>{t('programme.days', { n: item.waiting_days })}</td>
        </tr>
    );
}

function Alone() {
    const { t } = useI18n();
    const { data, error, reload } = useLoad('without peers', (signal) => api.childrenWithoutPeers(signal));
    return (
        <section className="programme-part">
            <h2>{t('waiting.peers')}</h2>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={2} onRetry={reload} />)}
            {data && data.items.length === 0 && <div className="card"><Empty icon={UsersRound} sentence={t('waiting.peers_empty')} /></div>}
            {data && data.items.length > 0 && (
                <div className="card table-wrap">
                    <table className="table cards">
                        <thead><tr><th>{t('programme.child')}</th><th>{t('programme.grade')}</th><th>{t('waiting.school')}</th><th>{t('waiting.state')}</th></tr></thead>
                        <tbody>{data.items.map((w) => <PeerRow key={w.child.id} item={w} />)}</tbody>
                    </table>
                </div>
            )}
        </section>
    );
}

function PeerRow({ item }: { item: WithoutPeers }) {
    const { t, fmt } = useI18n();
    return (
        <tr>
            <th scope="row">{item.child.name}</th>
            <td data-label={t('programme.grade')}>{item.grade}</td>
            <td data-label={t('waiting.school')}>{item.school.name}</td>
            <td data-label={t('waiting.state')}>
                {item.next !== null ? t('waiting.next', { day: fmt.dayTime(item.next, item.school.tz) })
                    : item.group_consent ? t('waiting.none_planned') : <Chip tone="warn">{t('waiting.no_consent')}</Chip>}
            </td>
        </tr>
    );
}
