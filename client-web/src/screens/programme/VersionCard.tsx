// SPDX-License-Identifier: Apache-2.0
//
// One version of a child's programme: its state, its lines, what stands against it, and what the
// reader may do with it.
import { useState } from 'react';
import { Check, Pencil, Send, Undo2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ChildProgramme, ChildProgrammes, ProgrammeState } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { SubjectBar } from '../../ui/SubjectTile.tsx';
import { SheetForm } from './SheetForm.tsx';
import { dayOf, faultSentence, hoursOf } from './words.ts';

const TONES: Record<ProgrammeState, Tone> = { draft: 'plain', proposed: 'info', approved: 'ok', returned: 'warn', superseded: 'plain' };

export function VersionCard({ version, data, onEdit, onChanged, still }: {
    version: ChildProgramme; data: ChildProgrammes; onEdit: () => void; onChanged: () => void; still: boolean;
}) {
    const { t, fmt } = useI18n();
    const span = version.to ? t('programme.span', { from: dayOf(fmt, version.from), to: dayOf(fmt, version.to) }) : t('programme.span_open', { from: dayOf(fmt, version.from) });
    return (
        <article className="card programme-card" aria-label={t('programme.version', { n: version.number })}>
            <div className="programme-head">
                <h3>{t('programme.version', { n: version.number })}</h3>
                <Chip tone={TONES[version.state]}>{t(`programme.state.${version.state}`)}</Chip>
                <span className="quiet">{span}</span>
            </div>
            {version.carried && <p className="quiet">{t('programme.carried')}</p>}
            {version.until && <p className="quiet small">{t('programme.until', { day: dayOf(fmt, version.until) })}</p>}
            {version.state === 'returned' && <Note tone="warn"><p>{t('programme.why', { reason: version.reason })}</p></Note>}
            <Lines version={version} />
            {version.faults.length > 0 && (
                <Note tone="warn"><ul className="programme-faults">{version.faults.map((f, i) => <li key={i}>{faultSentence(t, f, version.lines)}</li>)}</ul></Note>
            )}
            <p className="quiet small">
                {version.proposed && t('programme.proposed_by', { name: version.proposed.by.name, day: fmt.dayTime(version.proposed.at, data.school.tz) })}
                {version.decided && <> · {t('programme.decided_by', { name: version.decided.by.name, day: fmt.dayTime(version.decided.at, data.school.tz) })}</>}
            </p>
            {!still && version.may.length > 0 && <Moves version={version} onEdit={onEdit} onChanged={onChanged} />}
        </article>
    );
}

function Lines({ version }: { version: ChildProgramme }) {
    const { t } = useI18n();
    return (
        <div className="table-wrap">
            <table className="table cards">
                <thead><tr><th>{t('programme.subject')}</th><th>{t('programme.week')}</th><th>{t('programme.year')}</th><th>{t('programme.lesson')}</th></tr></thead>
                <tbody>
                    {version.lines.map((l) => (
                        <tr key={l.subject}>
                            <th scope="row"><span className="programme-subject"><SubjectBar subject={l.subject} />{t(`subject.${l.subject}`)}</span></th>
                            <td data-label={t('programme.week')}>{hoursOf(t, l.week_minutes)}</td>
                            <td data-label={t('programme.year')}>{hoursOf(t, l.year_minutes)}</td>
                            <td data-label={t('programme.lesson')}>{t('common.minutes_short', { n: l.lesson_minutes })}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

function Moves({ version, onEdit, onChanged }: { version: ChildProgramme; onEdit: () => void; onChanged: () => void }) {
    const { t } = useI18n();
    const [returning, setReturning] = useState(false);
    const move = useAction((key, what: 'propose' | 'approve') => api.moveProgramme(version.id, version.version, what, key), onChanged);
    const may = (what: ChildProgramme['may'][number]) => version.may.includes(what);
    return (
        <>
            {move.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, move.error)}</p></Note>}
            <div className="programme-moves">
                {may('return') && <Button icon={Undo2} onPress={() => { setReturning(true); }}>{t('programme.return')}</Button>}
                {may('edit') && <Button icon={Pencil} onPress={onEdit}>{t('programme.edit')}</Button>}
                {may('propose') && <Button look="main" icon={Send} isPending={move.pending} onPress={() => { move.run('propose'); }}>{t('programme.propose')}</Button>}
                {may('approve') && <Button look="main" icon={Check} isPending={move.pending} onPress={() => { move.run('approve'); }}>{t('programme.approve')}</Button>}
            </div>
            {returning && <ReturnSheet version={version} onClose={() => { setReturning(false); }} onDone={() => { setReturning(false); onChanged(); }} />}
        </>
    );
}

function ReturnSheet({ version, onClose, onDone }: { version: ChildProgramme; onClose: () => void; onDone: () => void }) {
    const { t } = useI18n();
    const [reason, setReason] = useState('');
    const give = useAction((key) => api.returnProgramme(version.id, version.version, { reason: reason.trim() }, key), onDone);
    return (
        <Sheet open onClose={onClose} title={t('programme.return_title')}>
            <SheetForm doIt={t('programme.return')} onSubmit={() => { give.run(); }} onBack={onClose} pending={give.pending} error={give.error}
                blocked={reason.trim() ? null : t('programme.need_reason')}>
                <TextField label={t('programme.reason')} value={reason} onChange={setReason} rows={3} maxLength={200} maxBytes={400} autoFocus />
            </SheetForm>
        </Sheet>
    );
}
