// SPDX-License-Identifier: Apache-2.0
//
// Changes what an event is about, its hosts and agenda.
import { api } from '../../core/api.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { EventForm } from './EventForm.tsx';
import { EventsFrame } from './EventsFrame.tsx';
import { changeBody, draftOf, type Draft } from './form.ts';

export default function EventEdit({ id }: { id: number }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const { data, error, reload } = useLoad(`event ${id}`, (signal) => api.event(id, signal));
    const back = () => { go({ at: 'event', id }); };
    const send = useAction((_key, d: Draft) => api.changeEvent(id, data?.etag ?? '', changeBody(d)), back);
    return (
        <EventsFrame title={data?.value.title ?? t('events.change')} inner problem={send.error !== null}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data && <EventForm start={draftOf(data.value)} isNew={false} pending={send.pending} error={send.error} onSend={(d) => { send.run(d); }} onBack={back} />}
        </EventsFrame>
    );
}
