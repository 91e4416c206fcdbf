// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { School } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { SheetForm } from './SheetForm.tsx';

/** Registers a child at another school, and says first what that does to its lessons. */
export function MoveSheet({ schools, onClose, onMoved }: { schools: School[]; onClose: () => void; onMoved: () => void }) {
    const { t } = useI18n();
    const children = useLoad('children', (signal) => api.children(undefined, undefined, signal));
    const [child, setChild] = useState('');
    const [school, setSchool] = useState('');
    const [reason, setReason] = useState('');
    const row = children.data?.items.find((c) => String(c.child.id) === child);
    const move = useAction((key) => api.moveChild(Number(child), { school: Number(school), from: row?.school.id ?? 0, reason: reason.trim() }, key), onMoved);
    return (
        <SheetForm title={t('hiring.move_child')} doIt={t('hiring.do_move')} onSubmit={() => { move.run(); }} onClose={onClose} pending={move.pending} error={move.error}
            blocked={!row || !school || !reason.trim() ? t('hiring.need_all') : null}>
            <SelectField label={t('hiring.child')} value={child} onChange={(id) => { setChild(id); setSchool(''); }} problem={children.error ? errorSentence(t, children.error) : null}>
                <option value="">{t('common.choose')}</option>
                {children.data?.items.map((c) => <option key={c.child.id} value={c.child.id}>{t('timetable.child_option', { name: c.child.name, grade: c.grade, school: c.school.name })}</option>)}
            </SelectField>
            <SelectField label={t('hiring.new_school')} value={school} onChange={setSchool}>
                <option value="">{t('common.choose')}</option>
                {schools.filter((s) => s.id !== row?.school.id).map((s) => <option key={s.id} value={s.id}>{s.name}</option>)}
            </SelectField>
            <TextField label={t('hiring.reason')} value={reason} onChange={setReason} maxLength={200} maxBytes={400} />
            <p className="quiet small">{t('hiring.move_hint')}</p>
        </SheetForm>
    );
}
