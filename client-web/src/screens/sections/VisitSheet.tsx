// SPDX-License-Identifier: Apache-2.0
//
// Puts up a tour, a talk or a trial class.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { VisitKind } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';

const KINDS: VisitKind[] = ['tour', 'talk', 'trial'];

export function VisitSheet({ section, onClose, onDone }: { section: number; onClose: () => void; onDone: () => void }) {
    const { t } = useI18n();
    const [kind, setKind] = useState<VisitKind>('trial');
    const [date, setDate] = useState('');
    const [time, setTime] = useState('');
    const [minutes, setMinutes] = useState('45');
    const [tried, setTried] = useState(false);
    const send = useAction((key) => api.createVisit(section, { kind, date, time, minutes: Number(minutes) || 45 }, key), onDone);
    const problem = tried && (!date || !time) ? t('sections.visit_need') : null;
    return (
        <Sheet open onClose={onClose} title={t('sections.visit_new')}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); setTried(true); if (date && time) send.run(); }}>
                {send.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
                <Choice label={t('sections.visit_kind')} value={kind} onChange={setKind} options={KINDS.map((value) => ({ value, label: t(`sections.visit.${value}`) }))} />
                <TextField label={t('sections.visit_date')} type="date" value={date} onChange={setDate} problem={date ? null : problem} />
                <TextField label={t('sections.visit_time')} type="time" value={time} onChange={setTime} problem={time ? null : problem} />
                <TextField label={t('sections.visit_minutes')} type="number" value={minutes} onChange={setMinutes} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" type="submit" isPending={send.pending}>{t('sections.visit_send')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
