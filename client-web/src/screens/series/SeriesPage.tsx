// SPDX-License-Identifier: Apache-2.0
//
// The weekly series that have lessons ahead: whose, on which days, from when to when. A series is not
// changed but ended; other days are planned as a new one in a draft.
import { useState } from 'react';
import { CalendarDays, Repeat } from 'lucide-react';
import type { Series, SeriesEnded } from '../../core/api.gen.ts';
import { parseRoute } from '../../core/route.ts';
import { isOf, seriesApi } from '../../core/series.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { EndSheet } from './EndSheet.tsx';
import { SeriesTable } from './SeriesTable.tsx';
import './series.css';

export default function SeriesPage({ of }: { of: string }) {
    const { t } = useI18n();
    const link = useLink();
    const { go } = useRouter();
    const { data, error, reload } = useLoad('series', (signal) => seriesApi.list(signal), 60_000);
    const [ending, setEnding] = useState<Series | null>(null);
    const [ended, setEnded] = useState<SeriesEnded | null>(null);
    const shown = data?.series.filter((s) => isOf(s, of)) ?? [];
    return (
        <OfficePage title={t('series.title')} sub={t('series.sub')} crumb={<a {...link({ at: 'timetable', date: null })}>{t('nav.timetable')}</a>}
            actions={<Button icon={CalendarDays} onPress={() => { go({ at: 'week', of, date: null }); }}>{t('series.week')}</Button>}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {ended && <Note tone="ok" role="status"><p>{t('series.ended', { cancelled: ended.cancelled, unplanned: ended.unplanned })}</p></Note>}
            {data && <Whose of={of} all={data.series} />}
            {data && shown.length === 0 && <div className="card"><Empty icon={Repeat} sentence={t(of === 'centre' ? 'series.empty' : 'series.empty_of')} /></div>}
            {shown.length > 0 && <SeriesTable series={shown} onEnd={(s) => { setEnded(null); setEnding(s); }} />}
            {ending && (
                <EndSheet series={ending} onClose={() => { setEnding(null); }} onStale={reload}
                    onDone={(what) => { setEnding(null); setEnded(what); reload(); }} />
            )}
        </OfficePage>
    );
}

/** Of all, or of one of those who have a series. */
function Whose({ of, all }: { of: string; all: Series[] }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const children = new Map<string, string>(all.flatMap((s) => s.children.map((c) => [`child-${c.id}`, c.name] as const)));
    const mentors = new Map<string, string>(all.map((s) => [`mentor-${s.mentor.id}`, s.mentor.name] as const));
    const known = of === 'centre' || children.has(of) || mentors.has(of);
    return (
        <div className="series-whose">
            <SelectField label={t('series.whose')} value={of} onChange={(v) => { go(parseRoute(`/series?of=${v}`)); }}>
                <option value="centre">{t('series.all')}</option>
                {!known && <option value={of}>{t('series.this_one')}</option>}
                <optgroup label={t('week.children')}>{[...children].map(([id, name]) => <option key={id} value={id}>{name}</option>)}</optgroup>
                <optgroup label={t('week.mentors')}>{[...mentors].map(([id, name]) => <option key={id} value={id}>{name}</option>)}</optgroup>
            </SelectField>
        </div>
    );
}
