// SPDX-License-Identifier: Apache-2.0
//
// What is missing, who owes it, until when; the first line's way on is the page's main action.
import type { CaseGate, CaseMissing as Missing, ChildCase } from '../../core/api.gen.ts';
import { daysBetween } from '../../core/case-steps.ts';
import { now } from '../../core/clock.ts';
import { wall } from '../../core/wall.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import '../../ui/table.css';

type Act = 'consent' | 'mentor' | 'programme' | 'schedule' | 'staff';
/** Where a gate is settled, if a page of the centre does it. */
const WAYS: Partial<Record<CaseGate, { act: Act; to: (child: number) => string }>> = {
    consent: { act: 'consent', to: (c) => `/consents/${c}` }, mentor: { act: 'mentor', to: (c) => `/candidates/${c}` },
    programme: { act: 'programme', to: (c) => `/programme/${c}` }, schedule: { act: 'schedule', to: (c) => `/week?of=child-${c}` },
    staff: { act: 'staff', to: (c) => `/candidates/${c}` },
};

export function CaseMissing({ file }: { file: ChildCase }) {
    const { t } = useI18n();
    const office = useMe().role === 'coordinator';
    const firstWay = office ? file.missing.findIndex((m) => WAYS[m.gate]) : -1;
    return (
        <section className="card" aria-labelledby="case-missing">
            <div className="panel-head"><h2 id="case-missing">{t('intake.case.missing')}</h2></div>
            {file.missing.length === 0 ? <p className="intake-card quiet">{t('intake.case.nothing')}</p> : (
                <div className="table-wrap">
                    <table className="table cards intake-table">
                        <thead><tr><th>{t('intake.case.what')}</th><th>{t('intake.case.who')}</th><th>{t('intake.case.due')}</th><th>{t('intake.case.term')}</th>{office && <th>{t('intake.case.act')}</th>}</tr></thead>
                        <tbody>{file.missing.map((m, i) => <Row key={m.gate} it={m} child={file.child.id} main={i === firstWay} office={office} />)}</tbody>
                    </table>
                </div>
            )}
        </section>
    );
}

function Row({ it, child, main, office }: { it: Missing; child: number; main: boolean; office: boolean }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const left = daysBetween(wall(now(), me.centre.tz).date, it.due);
    const way = WAYS[it.gate];
    const who = it.owes === me.role ? 'you' : it.owes === 'guardian' || it.owes === 'school_officer' || it.owes === 'mentor' ? it.owes : 'coordinator';
    return (
        <tr>
            <th scope="row">{t(`intake.case.gate.${it.gate}`)}</th>
            <td data-label={t('intake.case.who')}>{t(`intake.case.who.${who}`)}</td>
            <td className="time" data-label={t('intake.case.due')}>{fmt.dayYear(it.due)}</td>
            <td data-label={t('intake.case.term')}>{it.late ? <Chip tone="bad">{t('intake.case.late', { n: -left })}</Chip> : <Chip tone={left <= 7 ? 'warn' : 'plain'}>{t('intake.case.left', { n: left })}</Chip>}</td>
            {office && <td className={way ? '' : 'blank'}>{way && <LinkButton look={main ? 'main' : 'link'} href={way.to(child)}>{t(`intake.case.act.${way.act}`)}</LinkButton>}</td>}
        </tr>
    );
}
