// SPDX-License-Identifier: Apache-2.0
import type { Assigned } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { SubjectBar } from '../../ui/SubjectTile.tsx';
import '../../ui/table.css';

/** Who teaches the child what. */
export function CaseMentors({ mentors }: { mentors: Assigned[] }) {
    const { t } = useI18n();
    return (
        <section className="card" aria-labelledby="case-mentors">
            <div className="panel-head"><h2 id="case-mentors">{t('intake.case.mentors')}</h2></div>
            {mentors.length === 0 ? <p className="intake-card quiet">{t('intake.case.no_mentors')}</p> : (
                <table className="table cards">
                    <thead><tr><th>{t('intake.case.subject')}</th><th>{t('intake.case.mentors')}</th></tr></thead>
                    <tbody>
                        {mentors.map((m) => (
                            <tr key={`${m.subject} ${m.mentor.id}`}>
                                <th scope="row"><span className="intake-subject"><SubjectBar subject={m.subject} />{t(`subject.${m.subject}`)}</span></th>
                                <td>{m.lead ? t('intake.case.mentor', { name: m.mentor.name }) : m.mentor.name}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
        </section>
    );
}
