// SPDX-License-Identifier: Apache-2.0
//
// Lessons ahead that have lost their mentor: what a coordinator does first. Nothing is shown when there is
// none; what cannot be asked is said.
import { useState } from 'react';
import { UserRoundCog } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { SubjectBar } from '../../ui/SubjectTile.tsx';
import { LessonSheet } from '../lesson/LessonSheet.tsx';

export function NeedsSubstitute() {
    const { t, fmt } = useI18n();
    const { data, error, reload } = useLoad('needs-substitute', (signal) => api.needsSubstitute(signal), 60_000);
    const [opened, setOpened] = useState<number | null>(null);
    if (!data && error) return <Failed sentence={errorSentence(t, error)} onRetry={reload} />;
    const items = data?.items ?? [];
    if (items.length === 0 && opened === null) return null;
    return (
        <section className="card needs" aria-labelledby="needs-substitute">
            <div className="panel-head"><h2 id="needs-substitute">{t('hiring.needs', { n: items.length })}</h2></div>
            <ul className="paper-list">
                {items.map((l, i) => (
                    <li key={l.id} className="paper needs-row">
                        <SubjectBar subject={l.subject} />
                        <div className="paper-what">
                            <p className="strong">{fmt.list(l.children.map((c) => c.name))}, {t(`subject.${l.subject}`)}</p>
                            <p className="quiet small">{t('hiring.needs_when', { day: fmt.weekdayDay(l.start, l.tz), time: fmt.clock(l.start, l.tz), zone: fmt.zone(l.tz), mentor: l.mentor.name })}</p>
                        </div>
                        <div className="paper-do"><Button look={i === 0 ? 'main' : 'plain'} icon={UserRoundCog} onPress={() => { setOpened(l.id); }}>{t('hiring.find_substitute')}</Button></div>
                    </li>
                ))}
            </ul>
            {opened !== null && <LessonSheet id={opened} start="substitute" onClose={() => { setOpened(null); reload(); }} onChanged={() => { setOpened(null); reload(); }} />}
        </section>
    );
}
