// SPDX-License-Identifier: Apache-2.0
//
// The free times of a make-up as buttons; or, if there is none, what stands in the way.
import { CalendarPlus } from 'lucide-react';
import type { MakeUp, Slot } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';

export function Proposals({ make, tz, pending, onMake }: { make: MakeUp; tz: string; pending: boolean; onMake: (slot: Slot) => void }) {
    const { t, fmt } = useI18n();
    const until = fmt.dayYear(make.until);
    if (make.slots.length === 0) return <NoTime make={make} until={until} />;
    return (
        <div className="no-show-part" role="group" aria-label={t('noshow.make_up')}>
            <p className="strong">{t('noshow.make_up')}</p>
            <div className="no-show-choices">
                {make.slots.map((s) => {
                    const args = { day: fmt.weekdayShort(s.start, tz), from: fmt.clock(s.start, tz), to: fmt.clock(s.end, tz) };
                    return <Button key={s.start} icon={CalendarPlus} isPending={pending} onPress={() => { onMake(s); }}>{t('noshow.slot', args)}</Button>;
                })}
            </div>
            <p className="quiet small">{t('noshow.make_up_note', { until })}</p>
        </div>
    );
}

function NoTime({ make, until }: { make: MakeUp; until: string }) {
    const { t } = useI18n();
    return (
        <div className="no-show-part">
            <p className="strong">{t('noshow.none', { until })}</p>
            {make.in_the_way.length > 0 && (
                <>
                    <p className="quiet small">{t('noshow.none_why')}</p>
                    <ul className="no-show-ways small">{make.in_the_way.map((o) => <li key={o.rule}>{t('noshow.way', { rule: o.rule, number: o.number, days: o.days })}</li>)}</ul>
                </>
            )}
            {make.gates.length > 0 && (
                <>
                    <p className="quiet small">{t('noshow.none_gates')}</p>
                    <ul className="no-show-ways small">{make.gates.map((g) => <li key={g.gate}>{t('hiring.gate_line', { gate: t(`hiring.gate.${g.gate}`), cause: t(`hiring.cause.${g.cause}`) })}</li>)}</ul>
                </>
            )}
        </div>
    );
}
