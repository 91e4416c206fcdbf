// SPDX-License-Identifier: Apache-2.0
//
// For the centre: places in sections that a lesson of the published timetable is in the way of, and the
// groups that would fit. Shown only when there is one.
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Note } from '../../ui/Note.tsx';
import { useSlots } from './useSlots.ts';

export function Clashes() {
    const { t, fmt } = useI18n();
    const link = useLink();
    const slots = useSlots();
    const { data } = useLoad('section-clashes', api.sectionClashes);
    if (!data || data.clashes.length === 0) return null;
    return (
        <Note tone="warn" title={t('sections.clashes')}>
            <p>{t('sections.clashes_text')}</p>
            <ul className="section-list">
                {data.clashes.map((k) => (
                    <li key={k.choice}>
                        <a {...link({ at: 'choices', child: k.child.id })}>{t('sections.clash_since', { name: k.child.name, section: k.section.title, day: fmt.dayMonth(k.found, k.section.tz) })}</a>{' '}
                        {k.clashes[0] && t('choices.clash', { when: fmt.dayTime(k.clashes[0].meeting, k.section.tz), subject: t(`subject.${k.clashes[0].lesson.subject}`), at: fmt.clock(k.clashes[0].lesson.start, k.section.tz) })}{' '}
                        {t(k.proposals.length > 0 ? 'choices.fits' : 'choices.fits_none')}
                        <ul>{k.proposals.map((g) => <li key={g.id}>{t('sections.group_at', { name: g.name, slots: slots(g) })}</li>)}</ul>
                    </li>
                ))}
            </ul>
        </Note>
    );
}
