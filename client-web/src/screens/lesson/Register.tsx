// SPDX-License-Identifier: Apache-2.0
//
// What the register says of a lesson: the strip, the minutes, the code of each child, corrections and
// who looked in. It proves that someone was connected, no more.
import type { Attendance, ChildAttendance } from '../../core/api.gen.ts';
import { wholeMinutes } from '../../core/wall.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { CodeCell } from '../../ui/CodeCell.tsx';
import { Strip, StripKey } from '../../ui/Strip.tsx';

export function Register({ attendance: a }: { attendance: Attendance }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    return (
        <section className="register" aria-label={t('lesson.register')}>
            <StripKey mentor={t('strip.mentor')} child={t('strip.child')} lesson={t('strip.window')} />
            {a.children.map((child) => <OneChild key={child.child.id} it={child} final={a.final} planned={wholeMinutes(a.planned_ms)} />)}
            {a.visitors.map((v, i) => (
                <p key={i} className="quiet small">{t('lesson.visitor', {
                    name: v.person.name, role: v.seat, from: fmt.clock(v.from, me.tz), to: fmt.clock(v.to, me.tz),
                })}</p>
            ))}
        </section>
    );
}

function OneChild({ it, final, planned }: { it: ChildAttendance; final: boolean; planned: number }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    return (
        <div className="register-child">
            <div className="register-line">
                {it.code && <CodeCell code={it.code} changed={it.code !== it.auto_code} />}
                <p><span className="strong">{it.child.name}</span> · {t(final ? 'lesson.together' : 'lesson.together_so_far', { n: wholeMinutes(it.contact_ms), planned })}</p>
            </div>
            <Strip strip={it.strip} />
            {it.uncertain_ms > 0 && <p className="quiet small">{t('lesson.uncertain', { n: Math.ceil(it.uncertain_ms / 1000) })}</p>}
            {it.amendments.map((m, i) => (
                <p key={i} className="quiet small">{t('lesson.amended', { old: m.old ?? '–', code: m.new, name: m.by.name, when: fmt.dayTime(m.at, me.tz), reason: m.reason })}</p>
            ))}
            {it.confirmation?.result === 'disputed' && <p className="small">{t('lesson.disputed', { text: it.confirmation.text ?? '' })}</p>}
        </div>
    );
}
