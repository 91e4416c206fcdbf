// SPDX-License-Identifier: Apache-2.0
//
// Lessons without a place: whose, which rule stands in the way, and what would help.
import type { PlanLeft } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { SubjectBar } from '../../ui/SubjectTile.tsx';
import '../../ui/table.css';

export function LeftTable({ left, total }: { left: PlanLeft[]; total: number }) {
    const { t } = useI18n();
    return (
        <section className="card">
            <div className="panel-head"><h2>{t('plan.left', { n: total })}</h2></div>
            <div className="table-wrap">
                <table className="table cards plan-left">
                    <thead>
                        <tr><th>{t('plan.child')}</th><th>{t('plan.subject')}</th><th>{t('plan.mentor')}</th><th>{t('plan.why')}</th></tr>
                    </thead>
                    <tbody>{left.map((l, i) => <Row key={i} left={l} />)}</tbody>
                </table>
            </div>
            {left.length < total && <p className="quiet small plan-more">{t('plan.more', { n: total - left.length })}</p>}
        </section>
    );
}

function Row({ left: l }: { left: PlanLeft }) {
    const { t } = useI18n();
    const helps = l.starts > 0 && l.would_fit !== 'none';
    return (
        <tr>
            <th scope="row">{l.child.name}</th>
            <td data-label={t('plan.subject')}><span className="plan-subject"><SubjectBar subject={l.subject} />{t('plan.lesson', { subject: t(`subject.${l.subject}`), n: l.minutes })}</span></td>
            <td data-label={t('plan.mentor')}>{l.mentor ? l.mentor.name : t('plan.nobody')}</td>
            <td className="plan-why">
                <p>{t(`plan.rule.${l.rule}`)} <span className="quiet small">{l.number > 0 ? t('plan.number', { n: l.number }) : ''}</span></p>
                {l.lesson !== null && <p className="quiet small">{t('plan.published')}</p>}
                {helps && <p className="quiet small">{t('plan.would', { rule: l.would_fit, n: l.starts })}</p>}
                {l.proof && <p className="quiet small">{t('plan.proof', { of: l.proof.of, lessons: l.proof.lessons, places: l.proof.places })}</p>}
            </td>
        </tr>
    );
}
