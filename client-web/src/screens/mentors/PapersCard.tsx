// SPDX-License-Identifier: Apache-2.0
//
// On the mentor's day: papers that run out or are missing, and an order to be read. Quiet when all is well,
// and when it cannot be asked: the day is more important.
import { IdCard } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { useHiringWords } from './useHiringWords.ts';
import './mentors.css';

export function PapersCard() {
    const { t } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const { dayOf } = useHiringWords();
    const { data: file } = useLoad(`hiring ${me.id}`, (signal) => api.hiring(me.id, signal));
    if (!file) return null;
    const mine = file.checklist.filter((g) => g.cause !== 'holds' && g.actor === 'mentor').length;
    const returned = file.documents.filter((d, i, all) => d.returned_at !== null && all.findIndex((x) => x.kind === d.kind) === i);
    const unread = file.applications.filter((a) => a.state === 'order_issued');
    const lines = [
        ...unread.map((a) => t('hiring.day_order', { school: a.school.name })),
        ...returned.map((d) => t('hiring.day_returned', { paper: t(`hiring.kind.${d.kind}`) })),
        ...(mine > 0 ? [t('hiring.day_missing', { n: mine })] : []),
        ...file.expiring.map((e) => t('hiring.expires_on', { paper: t(`hiring.gate.${e.gate}`), day: dayOf(e.until - 1, file.tz) })),
    ];
    if (lines.length === 0) return null;
    return (
        <section className="card day-papers" aria-labelledby="day-papers">
            <h2 id="day-papers">{t('nav.papers')}</h2>
            <ul>{lines.map((line) => <li key={line}>{line}</li>)}</ul>
            <div><Button icon={IdCard} onPress={() => { go({ at: 'mentors' }); }}>{t('hiring.day_open')}</Button></div>
        </section>
    );
}
