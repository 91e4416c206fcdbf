// SPDX-License-Identifier: Apache-2.0
import { useI18n } from '../../i18n/index.tsx';
import type { SubjectCode } from '../../core/api.gen.ts';
import { SUBJECTS } from '../../ui/subjects.ts';

/** The name of a subject; one that the pages have no word for is said as the programme has it. */
export function useSubject(): (code: string) => string {
    const { t } = useI18n();
    return (code) => (code in SUBJECTS ? t(`subject.${code as SubjectCode}`) : code);
}
