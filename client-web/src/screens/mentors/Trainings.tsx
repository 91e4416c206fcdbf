// SPDX-License-Identifier: Apache-2.0
//
// Courses with their topics. Without one about the contact with a sick child nobody teaches (items 13, 14).
import { useState } from 'react';
import { GraduationCap, Plus } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import type { Part } from './MentorFile.tsx';
import { PaperState } from './PaperState.tsx';
import { TrainingSheet } from './TrainingSheet.tsx';
import { useHiringWords } from './useHiringWords.ts';

export function Trainings({ file, onFile, own }: Part) {
    const { t, fmt } = useI18n();
    const { day } = useHiringWords();
    const { role } = useMe();
    const [adding, setAdding] = useState(false);
    return (
        <section className="card" aria-labelledby="hiring-trainings">
            <div className="panel-head">
                <h2 id="hiring-trainings">{t('hiring.trainings')}</h2>
                {(own || role === 'coordinator') && <Button icon={Plus} onPress={() => { setAdding(true); }}>{t('hiring.add_training')}</Button>}
            </div>
            {file.trainings.length === 0 && <Empty icon={GraduationCap} sentence={t('hiring.no_training')} />}
            <ul className="paper-list">
                {file.trainings.map((c) => (
                    <li key={c.id} className="paper">
                        <div className="paper-what">
                            <p className="strong">{c.course}</p>
                            <p className="quiet small">{t('hiring.training_facts', { provider: c.provider || '–', hours: c.hours, issued: day(c.issued) })}</p>
                            <p className="quiet small">{c.expires === null ? t('hiring.for_ever') : t('hiring.until', { day: day(c.expires) })}</p>
                            <p className="small">{c.topics.length > 0 ? t('hiring.topics_are', { list: fmt.list(c.topics.map((x) => t(`hiring.topic.${x}`))) }) : t('hiring.no_topics')}</p>
                        </div>
                        <PaperState verifiedBy={c.verified_by} expires={c.expires} tz={file.tz} own={own} name={c.course}
                            verify={(key) => api.verifyPaper('trainings', c.id, key)} onFile={onFile} />
                    </li>
                ))}
            </ul>
            {adding && <TrainingSheet mentor={file.mentor.id} onClose={() => { setAdding(false); }} onFile={(f) => { setAdding(false); onFile(f); }} />}
        </section>
    );
}
