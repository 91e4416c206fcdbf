// SPDX-License-Identifier: Apache-2.0
import { api } from '../../core/api.ts';
import { parseRoute } from '../../core/route.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { SelectField } from '../../ui/Field.tsx';

/** Chooses whose week is shown: the centre's, or one of its children, mentors and schools. */
export function Whose({ of, date }: { of: string; date: string | null }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const children = useLoad('children', (signal) => api.children(undefined, undefined, signal)).data?.items ?? [];
    const mentors = useLoad('mentors', (signal) => api.mentors(undefined, undefined, signal)).data?.items ?? [];
    const schools = [...new Map(children.map((c) => [c.school.id, c.school.name]))];
    const known = of === 'centre' || [...children.map((c) => `child-${c.child.id}`), ...mentors.map((m) => `mentor-${m.mentor.id}`), ...schools.map(([id]) => `school-${id}`)].includes(of);
    const choose = (value: string) => {
        const to = parseRoute(`/week?of=${value}`);
        if (to.at === 'week') go({ ...to, date });
    };
    return (
        <div className="week-whose">
            <SelectField label={t('week.whose')} value={known ? of : ''} onChange={choose}>
                {!known && <option value="">–</option>}
                <option value="centre">{t('week.centre')}</option>
                <optgroup label={t('week.children')}>{children.map((c) => <option key={c.child.id} value={`child-${c.child.id}`}>{c.child.name}</option>)}</optgroup>
                <optgroup label={t('week.mentors')}>{mentors.map((m) => <option key={m.mentor.id} value={`mentor-${m.mentor.id}`}>{m.mentor.name}</option>)}</optgroup>
                <optgroup label={t('week.schools')}>{schools.map(([id, name]) => <option key={id} value={`school-${id}`}>{name}</option>)}</optgroup>
            </SelectField>
        </div>
    );
}
