// SPDX-License-Identifier: Apache-2.0
//
// A child's programme: what is to be done now first (write, propose, approve), then every version.
import { useState } from 'react';
import { BookOpen, Pencil } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ChildProgramme, ChildProgrammes } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { BackToLog } from '../log/BackToLog.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { DraftForm } from './DraftForm.tsx';
import { VersionCard } from './VersionCard.tsx';
import { hoursOf } from './words.ts';
import '../../ui/table.css';
import './programme.css';

const UNDECIDED: readonly string[] = ['draft', 'proposed', 'returned'];

export default function ProgrammePage({ child }: { child: number }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const { data, error, reload } = useLoad(`programme ${child}`, (signal) => api.childProgramme(child, signal));
    const title = data ? t('programme.of', { name: data.child.name }) : t('programme.title');
    const sub = data ? { sub: t('programme.sub', { grade: data.grade, school: data.school.name }) } : {};
    const body = data ? <Body data={data} reload={reload} /> : error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />;
    if (me.role === 'guardian') return <FamilyPage title={title} {...sub} lead={<BackToLog child={child} />}>{body}</FamilyPage>;
    return <OfficePage title={title} {...sub} crumb={<a className="programme-link" {...link({ at: 'programmes' })}>{t('programme.title')}</a>}>{body}</OfficePage>;
}

function Body({ data, reload }: { data: ChildProgrammes; reload: () => void }) {
    const { t } = useI18n();
    const [writing, setWriting] = useState<ChildProgramme | 'new' | null>(null);
    const open = data.versions.find((v) => UNDECIDED.includes(v.state));
    const done = () => { setWriting(null); reload(); };
    const base = data.versions.find((v) => v.state === 'approved');
    return (
        <>
            <p className="quiet">
                {data.limits.week_minutes > 0 && <>{t('programme.limit', { time: hoursOf(t, data.limits.week_minutes) })} · </>}
                {t('programme.limit_lesson', { n: data.limits.lesson_minutes })}
            </p>
            {writing !== null && <DraftForm data={data} draft={writing === 'new' ? null : writing} base={base ?? null} onDone={done} onBack={() => { setWriting(null); }} />}
            {writing === null && data.versions.length === 0 && (
                <div className="card"><Empty icon={BookOpen} sentence={t('programme.none')}>
                    {data.may_write && <Button look="main" icon={Pencil} onPress={() => { setWriting('new'); }}>{t('programme.begin')}</Button>}
                </Empty></div>
            )}
            {writing === null && data.versions.length > 0 && !open && data.may_write && (
                <div><Button look="main" icon={Pencil} onPress={() => { setWriting('new'); }}>{t('programme.next')}</Button></div>
            )}
            {data.versions.length > 0 && (
                <section className="programme-part">
                    <h2>{t('programme.history')}</h2>
                    {data.versions.filter((v) => v !== writing).map((v) => (
                        <VersionCard key={v.id} version={v} data={data} onEdit={() => { setWriting(v); }} onChanged={reload} still={writing !== null} />
                    ))}
                </section>
            )}
        </>
    );
}
