// SPDX-License-Identifier: Apache-2.0
//
// Lessons by name: the first few, and how many more there are.
import type { ConsentLesson } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';

const FIRST = 5;

export function LessonNames({ lessons, tz }: { lessons: ConsentLesson[]; tz: string }) {
    const { t, fmt } = useI18n();
    if (lessons.length === 0) return null;
    return (
        <ul className="consent-lessons">
            {lessons.slice(0, FIRST).map((l) => <li key={l.id}>{t('consents.lesson', { when: fmt.dayTime(l.start, tz), subject: t(`subject.${l.subject}`) })}</li>)}
            {lessons.length > FIRST && <li>{t('consents.more', { n: lessons.length - FIRST })}</li>}
        </ul>
    );
}
