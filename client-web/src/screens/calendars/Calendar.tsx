// SPDX-License-Identifier: Apache-2.0
//
// A school's calendar: holidays, terms, working hours. Whoever keeps several schools chooses one.
import { CalendarRange } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { SchoolCalendar } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { CalendarEditor } from './CalendarEditor.tsx';
import './calendars.css';

export default function Calendar({ school }: { school: number | null }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const { data, error, reload } = useLoad('calendar-schools', (signal) => api.children(undefined, undefined, signal));
    const schools = [...new Map((data?.items ?? []).map((c) => [c.school.id, c.school.name]))];
    const shown = school ?? schools[0]?.[0] ?? null;
    return (
        <OfficePage title={t('calendars.title')}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={4} onRetry={reload} />)}
            {data && shown === null && <div className="card"><Empty icon={CalendarRange} sentence={t('calendars.no_school')} /></div>}
            {schools.length > 1 && shown !== null && (
                <SelectField label={t('calendars.school')} value={String(shown)} onChange={(v) => { go({ at: 'calendar', school: Number(v) }); }}>
                    {schools.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
                </SelectField>
            )}
            {shown !== null && data && <OfSchool school={shown} key={shown} />}
        </OfficePage>
    );
}

function OfSchool({ school }: { school: number }) {
    const { t } = useI18n();
    const { data, error, reload, set } = useLoad(`calendar ${school}`, (signal) => api.calendar(school, signal));
    if (!data) return error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={5} onRetry={reload} />;
    return (
        <>
            <CalendarEditor it={data} onSaved={set} onStale={reload} key={data.version} />
            <Hours it={data} />
        </>
    );
}

function Hours({ it }: { it: SchoolCalendar }) {
    const { t } = useI18n();
    const link = useLink();
    return (
        <section className="card calendar-part" aria-labelledby="calendar-hours">
            <h2 id="calendar-hours">{t('calendars.hours')}</h2>
            {it.hours.length === 0 && <p className="quiet">{t('calendars.no_hours')}</p>}
            {it.hours.length > 0 && <ul className="calendar-list">{it.hours.map((h) => <li key={`${h.weekday} ${h.from}`}>{t(`hours.day.${h.weekday as 1}`)} <span className="tabular">{h.from}–{h.to}</span></li>)}</ul>}
            <p><LinkButton {...link({ at: 'week', of: `school-${it.school.id}`, date: null })}>{t('calendars.week')}</LinkButton></p>
        </section>
    );
}
