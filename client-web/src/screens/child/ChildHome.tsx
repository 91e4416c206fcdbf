// SPDX-License-Identifier: Apache-2.0
//
// A child's home: the day line, the next lesson, one big button.
import { api } from '../../core/api.ts';
import { nextLesson, partOfDay } from '../../core/child-day.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import { SettingsButton } from '../settings/SettingsButton.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { BringCard, LaterCard } from './ChildCards.tsx';
import { ChildFoot } from './ChildFoot.tsx';
import { NextCard } from './NextCard.tsx';
import './child-home.css';

export default function ChildHome() {
    const { t, fmt } = useI18n();
    const me = useMe();
    const now = useNow(5000);
    const { data: day, error, asOf, reload } = useLoad('day', (signal) => api.day(undefined, signal), 30_000);
    const part = partOfDay(Number(fmt.clock(now, me.tz).split(':')[0]));
    return (
        <FamilyPage title={t('child.greeting', { part, name: me.given })} lead={<SettingsButton />} end={<HelpButton call={{ place: 'home' }} />}>
            {day && error !== null && asOf !== null && <Note tone="warn" role="status"><p>{t('common.as_of', { time: fmt.clock(asOf, me.tz) })}</p></Note>}
            {!day && (error ? <Failed sentence={errorSentence(t, error, me.role)} onRetry={reload} /> : <Loading onRetry={reload} />)}
            {day && (
                <div className={nextLesson(day) ? 'child-grid' : 'child-grid alone'}>
                    <NextCard day={day} now={now} />
                    {nextLesson(day) && (
                        <div className="child-side">
                            <LaterCard day={day} />
                            {day.bring.length > 0 && <BringCard things={day.bring} />}
                        </div>
                    )}
                </div>
            )}
            <ChildFoot day={day} />
        </FamilyPage>
    );
}
