// SPDX-License-Identifier: Apache-2.0
//
// The lessons that are on the timetable on these days. They stay there: nothing is cancelled by itself.
import { api } from '../../core/api.ts';
import type { DaySpan } from '../../core/spans.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Note } from '../../ui/Note.tsx';

const SHOWN = 5;

export function Effect({ school, span }: { school: number; span: DaySpan }) {
    const { t, fmt } = useI18n();
    const { data, error, reload } = useLoad(`calendar-effect ${school} ${span.from} ${span.to}`, (signal) => api.calendarLessons(school, span, signal));
    if (!data) return error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <p className="quiet small" role="status">{t('calendars.looking')}</p>;
    if (data.count === 0) return <p className="quiet small" role="status">{t('calendars.no_lessons')}</p>;
    return (
        <Note tone="warn" role="status" title={t('calendars.lessons', { n: data.count })}>
            <p>{t('calendars.stay')}</p>
            <ul className="calendar-lessons small">
                {data.items.slice(0, SHOWN).map((l) => <li key={l.id}>{`${fmt.dayTime(l.start, l.tz)}: ${fmt.list(l.children.map((c) => c.name))}, ${t(`subject.${l.subject}`)}`}</li>)}
            </ul>
        </Note>
    );
}
