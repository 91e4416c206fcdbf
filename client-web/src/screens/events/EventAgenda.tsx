// SPDX-License-Identifier: Apache-2.0
//
// The agenda in order, each item with its hour, speaker and length.
import { api } from '../../core/api.ts';
import { Printer } from 'lucide-react';
import type { Event } from '../../core/api.gen.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';

const MINUTE = 60_000;

export function EventAgenda({ event: e }: { event: Event }) {
    const { t, fmt } = useI18n();
    const { tz } = useMe();
    const begins = e.agenda.map((_, i) => e.start + e.agenda.slice(0, i).reduce((sum, item) => sum + item.minutes, 0) * MINUTE);
    return (
        <section className="card event-card">
            <h2>{t('events.agenda')}</h2>
            {e.agenda.length === 0 && <p className="quiet">{t('events.agenda_empty')}</p>}
            <ol className="event-agenda">
                {e.agenda.map((item, i) => (
                    <li key={i}>
                        <span className="quiet">{fmt.clock(begins[i] ?? e.start, tz)}</span>
                        <span><span className="strong">{item.title}</span><br />
                            <span className="quiet">{[item.speaker?.name ?? item.speaker_name, t('events.item_minutes', { n: item.minutes })].filter(Boolean).join(' · ')}</span></span>
                    </li>
                ))}
            </ol>
            <div><LinkButton icon={Printer} href={api.eventFile(e.id, 'agenda')}>{t('events.print_agenda')}</LinkButton></div>
        </section>
    );
}
