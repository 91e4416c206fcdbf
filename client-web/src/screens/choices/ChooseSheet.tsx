// SPDX-License-Identifier: Apache-2.0
//
// Two or three sections out of those that take children: one group of each. What the child has already
// stays as it is.
import { useState } from 'react';
import { api, type Versioned } from '../../core/api.ts';
import type { Choice, Section } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { freePlaces, useSlots } from '../sections/useSlots.ts';

export function ChooseSheet({ all, etag, onClose, onDone }: { all: Choice; etag: string; onClose: () => void; onDone: (after: Versioned<Choice>) => void }) {
    const { t } = useI18n();
    const me = useMe();
    const { data, error, reload } = useLoad('choose', (signal) => api.sections({}, signal));
    const [chosen, setChosen] = useState<Record<number, string>>(() =>
        Object.fromEntries(all.choices.filter((k) => k.state === 'wished').map((k) => [k.section.id, String(k.group)])));
    const held = new Set(all.choices.filter((k) => k.state !== 'wished').map((k) => k.section.id));
    const groups = Object.values(chosen).filter(Boolean).map(Number);
    const count = groups.length + held.size;
    const fault = count < all.least ? t('choices.fault.choice_few') : count > all.most ? t('choices.fault.choice_many') : null;
    const save = useAction((_key) => api.wish(all.child.id, etag, groups), onDone);
    return (
        <Sheet open onClose={onClose} title={me.role === 'child' ? t('choices.choose') : t('choices.choose_of', { name: all.child.given })}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); if (!fault) save.run(); }}>
                {save.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, save.error, me.role)}</p></Note>}
                {!data && (error ? <Failed sentence={errorSentence(t, error, me.role)} onRetry={reload} /> : <Loading rows={3} onRetry={reload} />)}
                {data?.sections.filter((s) => s.open && !held.has(s.id)).map((s) => (
                    <GroupField key={s.id} section={s} value={chosen[s.id] ?? ''} onChange={(v) => { setChosen((old) => ({ ...old, [s.id]: v })); }} />
                ))}
                <p className="strong" role="status">{t('choices.count', { n: count })}</p>
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" type="submit" isPending={save.pending} blocked={fault}>{t('choices.save')}</Button>
                </div>
            </form>
        </Sheet>
    );
}

function GroupField({ section: s, value, onChange }: { section: Section; value: string; onChange: (value: string) => void }) {
    const { t } = useI18n();
    const slots = useSlots();
    return (
        <SelectField label={s.title} value={value} onChange={onChange}>
            <option value="">{t('choices.none_of')}</option>
            {s.groups.map((g) => <option key={g.id} value={g.id}>{t('sections.group_free', { group: t('sections.group_at', { name: g.name, slots: slots(g) }), free: t('sections.free', { n: freePlaces(g) }) })}</option>)}
        </SelectField>
    );
}
