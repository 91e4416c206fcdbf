// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components';
import { api } from '../../core/api.ts';
import type { HiringFile, TrainingTopic } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useI18n } from '../../i18n/index.tsx';
import { TextField } from '../../ui/Field.tsx';
import { SheetForm } from './SheetForm.tsx';

const TOPICS: TrainingTopic[] = ['contact_psychology', 'first_aid', 'distance_teaching', 'safeguarding'];

/** Enters a course. */
export function TrainingSheet({ mentor, onClose, onFile }: { mentor: number; onClose: () => void; onFile: (file: HiringFile) => void }) {
    const { t } = useI18n();
    const [course, setCourse] = useState('');
    const [provider, setProvider] = useState('');
    const [hours, setHours] = useState('');
    const [issued, setIssued] = useState('');
    const [expires, setExpires] = useState('');
    const [topics, setTopics] = useState<string[]>([]);
    const add = useAction((key) => api.addTraining(mentor, {
        course: course.trim(), provider: provider.trim(), hours: Number(hours), issued, ...(expires ? { expires } : {}), topics: TOPICS.filter((x) => topics.includes(x)),
    }, key), onFile);
    const missing = !course.trim() || !provider.trim() || !Number(hours) || !issued ? t('hiring.need_all') : null;
    return (
        <SheetForm title={t('hiring.add_training')} doIt={t('common.save')} onSubmit={() => { add.run(); }} onClose={onClose} pending={add.pending} error={add.error} blocked={missing}>
            <TextField label={t('hiring.course')} value={course} onChange={setCourse} maxLength={120} maxBytes={240} />
            <TextField label={t('hiring.provider')} value={provider} onChange={setProvider} maxLength={120} maxBytes={240} />
            <CheckboxGroup className="checks-group" value={topics} onChange={setTopics}>
                <Label>{t('hiring.topics')}</Label>
                {TOPICS.map((x) => <Checkbox key={x} value={x} className="check"><span className="check-box" aria-hidden />{t(`hiring.topic.${x}`)}</Checkbox>)}
            </CheckboxGroup>
            {!topics.includes('contact_psychology') && <p className="quiet small">{t('hiring.topic_needed')}</p>}
            <div className="form-row">
                <TextField label={t('hiring.hours')} inputMode="numeric" value={hours} onChange={(v) => { setHours(v.replace(/\D/g, '').slice(0, 4)); }} />
                <TextField label={t('hiring.issued')} type="date" value={issued} onChange={setIssued} />
                <TextField label={t('hiring.expires')} type="date" value={expires} onChange={setExpires} hint={t('hiring.expires_hint')} />
            </div>
        </SheetForm>
    );
}
