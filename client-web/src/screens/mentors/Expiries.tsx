// SPDX-License-Identifier: Apache-2.0
import { Hourglass } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { useHiringWords } from './useHiringWords.ts';
import '../../ui/table.css';

/** What of the centre's mentors runs out, by day, with the warning that has been reached. */
export function Expiries() {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const { dayOf } = useHiringWords();
    const { data, error, reload } = useLoad('expiries', (signal) => api.expiries(signal));
    if (!data) return error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : null;
    if (data.items.length === 0) return null;
    return (
        <section className="card" aria-labelledby="expiries">
            <div className="panel-head"><h2 id="expiries">{t('hiring.expiries')}</h2></div>
            <ul className="paper-list">
                {data.items.map((e) => (
                    <li key={`${e.mentor.id} ${e.gate} ${e.school?.id ?? 0}`} className="paper">
                        <div className="paper-what">
                            <p><a className="row-link" {...link({ at: 'mentor', id: e.mentor.id })}>{e.mentor.name}</a></p>
                            <p className="small">{t('hiring.expires_on', { paper: t(`hiring.gate.${e.gate}`), day: dayOf(e.until - 1, me.centre.tz) })}{e.school && <span className="quiet"> · {e.school.name}</span>}</p>
                        </div>
                        <Chip tone={e.days <= 3 ? 'bad' : 'warn'} icon={Hourglass}>{t('hiring.within', { n: e.days })}</Chip>
                    </li>
                ))}
            </ul>
        </section>
    );
}
