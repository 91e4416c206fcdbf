// SPDX-License-Identifier: Apache-2.0
//
// A mentor's hiring file on one page: papers at the left, schools and the checklist at the right. The
// mentor sees the own with what to do; the centre checks; the school hires.
import { Clock, Route as RouteIcon } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { HiringFile } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { Applications } from './Applications.tsx';
import { Checklist } from './Checklist.tsx';
import { Documents } from './Documents.tsx';
import { Expiring } from './Expiring.tsx';
import { Interviews } from './Interviews.tsx';
import { Qualifications } from './Qualifications.tsx';
import { Trainings } from './Trainings.tsx';
import { useHiringWords } from './useHiringWords.ts';
import './mentors.css';

/** What every part of the page is given. */
export interface Part { file: HiringFile; onFile: (file: HiringFile) => void; own: boolean }

export default function MentorFile({ id }: { id: number }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const { go } = useRouter();
    const { problem } = useHiringWords();
    const { data: file, error, reload, set } = useLoad(`hiring ${id}`, (signal) => api.hiring(id, signal));
    const own = me.id === id;
    const part = file && { file, onFile: set, own };
    const title = own ? t('hiring.own_title') : file ? file.mentor.name : t('hiring.file_title');
    return (
        <OfficePage title={title} {...(own ? { sub: t('hiring.own_sub') } : { crumb: <a {...link({ at: 'mentors' })}>{t('nav.mentors')}</a> })}
            {...(file ? { facts: <Chip tone={file.complete ? 'ok' : 'warn'}>{t(file.complete ? 'hiring.complete' : 'hiring.incomplete')}</Chip> } : {})}
            actions={me.role === 'school_officer' ? undefined
                : (
                    <>
                        <Button icon={Clock} onPress={() => { go({ at: 'hours', of: 'mentor', id }); }}>{t('family.mentor_hours')}</Button>
                        <Button icon={RouteIcon} onPress={() => { go({ at: 'can_teach', mentor: id, child: null }); }}>{t(own ? 'hiring.whom_own' : 'hiring.whom')}</Button>
                    </>
                )}>
            {!file && (error ? <Failed sentence={problem(error)} onRetry={reload} /> : <Loading rows={8} onRetry={reload} />)}
            {part && (
                <>
                    <Expiring items={part.file.expiring} tz={part.file.tz} own={own} />
                    <div className="office-split hiring-split">
                        <div className="hiring-main">
                            <Documents {...part} />
                            <Trainings {...part} />
                            <Qualifications {...part} />
                            {me.role !== 'school_officer' && <Interviews {...part} />}
                        </div>
                        <div className="hiring-side">
                            <Applications {...part} />
                            <Checklist gates={part.file.checklist} tz={part.file.tz} title={t('hiring.checklist')} />
                        </div>
                    </div>
                </>
            )}
        </OfficePage>
    );
}
