// SPDX-License-Identifier: Apache-2.0
//
// Why a time does not fit: each rule by name and number, the other lesson, and times that do fit as
// buttons. A time that a change of clocks doubles is chosen here.
import { CalendarCheck, CircleAlert } from 'lucide-react';
import type { ApiError, Conflict, Slot } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import './conflicts.css';

export function Conflicts({ error, tz, onSlot, onPick }: {
    error: ApiError; tz: string; onSlot?: ((slot: Slot) => void) | undefined; onPick?: ((pick: 'earlier' | 'later') => void) | undefined;
}) {
    const { t, fmt } = useI18n();
    const slots = error.free_slots ?? [];
    const span = (s: Slot) => `${fmt.weekdayShort(s.start, tz)}, ${fmt.clock2(s.start, tz)}–${fmt.clock2(s.end, tz)}`;
    return (
        <div className="conflicts">
            {error.conflicts?.map((c, i) => <OneConflict key={i} conflict={c} tz={tz} onPick={onPick} />)}
            {slots.length > 0 && onSlot && (
                <>
                    <p className="quiet small">{t('conflict.free')}</p>
                    <div className="conflict-slots">
                        {slots.map((s) => <Button key={s.start} icon={CalendarCheck} onPress={() => { onSlot(s); }}>{span(s)}</Button>)}
                    </div>
                </>
            )}
        </div>
    );
}

function OneConflict({ conflict: c, tz, onPick }: { conflict: Conflict; tz: string; onPick?: ((pick: 'earlier' | 'later') => void) | undefined }) {
    const { t, fmt } = useI18n();
    const other = c.other;
    const args = {
        who: c.who?.name ?? '', value: c.value ?? 0, limit: c.limit ?? 0,
        subject: other ? t(`subject.${other.subject}`) : '', child: other ? fmt.list(other.children.map((p) => p.name)) : '',
        mentor: other?.mentor.name ?? '', time: other ? `${fmt.clock2(other.start, tz)}–${fmt.clock2(other.end, tz)}` : '',
    };
    return (
        <div className="conflict">
            <CircleAlert className="icon" aria-hidden />
            <div>
                <p className="strong">{t(`conflict.${c.rule}`, args)}</p>
                {other && <p>{t('conflict.other', args)}</p>}
                <p className="small">{t(`conflict.rule.${c.rule}`, { number: c.number, ...args })}</p>
                {c.rule === 'doubled_time' && onPick && (
                    <div className="conflict-slots">
                        {c.choices.map((ms, i) => <Button key={ms} onPress={() => { onPick(i === 0 ? 'earlier' : 'later'); }}>{t(i === 0 ? 'conflict.earlier' : 'conflict.later', { time: fmt.dayTime(ms, 'UTC') })}</Button>)}
                    </div>
                )}
            </div>
        </div>
    );
}
