// SPDX-License-Identifier: Apache-2.0
import type { MentorPage, SubjectCode } from '../../core/api.gen.ts';
import type { Loaded } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { SelectField } from '../../ui/Field.tsx';

/** A mentor from the list: those who teach the subject first. */
export function MentorField({ mentors, subject, without, value, onChange, label }: {
    mentors: Loaded<MentorPage>; subject: SubjectCode; without?: number; value: string; onChange: (id: string) => void; label: string;
}) {
    const { t } = useI18n();
    const items = (mentors.data?.items ?? []).filter((m) => m.mentor.id !== without);
    const teach = items.filter((m) => m.subjects.includes(subject));
    const others = items.filter((m) => !m.subjects.includes(subject));
    return (
        <SelectField label={label} value={value} onChange={onChange} problem={mentors.error ? errorSentence(t, mentors.error) : null}>
            <option value="">{t('common.choose')}</option>
            <optgroup label={t('lesson.teach_it')}>{teach.map((m) => <option key={m.mentor.id} value={m.mentor.id}>{m.mentor.name}</option>)}</optgroup>
            <optgroup label={t('lesson.teach_other')}>{others.map((m) => <option key={m.mentor.id} value={m.mentor.id}>{m.mentor.name}</option>)}</optgroup>
        </SelectField>
    );
}
