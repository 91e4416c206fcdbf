// SPDX-License-Identifier: Apache-2.0
//
// Events that one is invited to, each with its answer; for a coordinator all of the centre, too.
import { useState } from 'react';
import { CalendarPlus, Presentation } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { EventBrief } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { AnswerBar } from './AnswerBar.tsx';
import { EventFacts } from './EventFacts.tsx';
import { EventsFrame } from './EventsFrame.tsx';

export default function Events() {
    const { t } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const keeps = me.role === 'coordinator';
    const [when, setWhen] = useState<'ahead' | 'past'>('ahead');
    const [whose, setWhose] = useState<'all' | 'mine'>('all');
    return (
        <EventsFrame title={t('events.title')}
            actions={keeps && <Button look="main" icon={CalendarPlus} onPress={() => { go({ at: 'event_new' }); }}>{t('events.new')}</Button>}>
            <div className="event-filter">
                <Choice label={t('events.when')} value={when} onChange={setWhen} options={[{ value: 'ahead', label: t('events.ahead') }, { value: 'past', label: t('events.past') }]} />
                {keeps && <Choice label={t('events.whose')} value={whose} onChange={setWhose} options={[{ value: 'all', label: t('events.all') }, { value: 'mine', label: t('events.mine') }]} />}
            </div>
            <List key={`${when} ${whose}`} when={when} mine={keeps && whose === 'mine'} />
        </EventsFrame>
    );
}

function List({ when, mine }: { when: 'ahead' | 'past'; mine: boolean }) {
    const { t } = useI18n();
    const me = useMe();
    const [pages, setPages] = useState<string[]>(['']);
    const sentence = me.role === 'child' ? t('child.invited_none') : when === 'past' ? t('events.empty_past') : me.role === 'coordinator' && !mine ? t('events.empty_keep') : t('events.empty');
    const next = (cursor: string) => { setPages((p) => [...p, cursor]); };
    return pages.map((cursor, i) => (
        <Page key={cursor} when={when} mine={mine} cursor={cursor || undefined} sentence={sentence} last={i === pages.length - 1} onMore={next} />
    ));
}

function Page({ when, mine, cursor, sentence, last, onMore }: {
    when: 'ahead' | 'past'; mine: boolean; cursor: string | undefined; sentence: string; last: boolean; onMore: (cursor: string) => void;
}) {
    const { t } = useI18n();
    const me = useMe();
    const { data, error, reload } = useLoad(`events ${when} ${mine} ${cursor ?? ''}`, (signal) => api.events({ when, whose: mine ? 'mine' : undefined, cursor }, signal));
    if (!data) return error ? <Failed sentence={errorSentence(t, error, me.role)} onRetry={reload} /> : <Loading rows={4} onRetry={reload} />;
    const more = data.next;
    return (
        <>
            {data.items.length === 0 && <div className="card"><Empty icon={Presentation} sentence={sentence} /></div>}
            {data.items.map((e) => <EventCard key={e.id} event={e} onDone={reload} />)}
            {last && more && <div><Button onPress={() => { onMore(more); }}>{t('events.more')}</Button></div>}
        </>
    );
}

function EventCard({ event: e, onDone }: { event: EventBrief; onDone: () => void }) {
    const link = useLink();
    return (
        <article className="card event-card">
            <h2><a className="row-link" {...link({ at: 'event', id: e.id })}>{e.title}</a></h2>
            <EventFacts event={e} />
            {e.mine.map((i) => <AnswerBar key={i.person.id} event={e} invite={i} onDone={onDone} />)}
        </article>
    );
}
