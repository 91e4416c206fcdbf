// SPDX-License-Identifier: Apache-2.0
//
// Calls an event.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { EventForm } from './EventForm.tsx';
import { EventsFrame } from './EventsFrame.tsx';
import { emptyDraft, newBody, type Draft } from './form.ts';

export default function EventNew() {
    const { t } = useI18n();
    const { go } = useRouter();
    const [start] = useState(emptyDraft);
    const send = useAction((key, d: Draft) => api.createEvent(newBody(d), key), (v) => { go({ at: 'event', id: v.value.id }); });
    return (
        <EventsFrame title={t('events.new')} inner problem={send.error !== null}>
            <EventForm start={start} isNew pending={send.pending} error={send.error} onSend={(d) => { send.run(d); }} onBack={() => { go({ at: 'events' }); }} />
        </EventsFrame>
    );
}
