// SPDX-License-Identifier: Apache-2.0
//
// The decision with its reason. If the child may be known already, a person says which one it is:
// nothing is merged by itself.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { Decision, Referral, ReferralRefusal } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { fieldFault } from '../../i18n/faults.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import type { ReviewSheet } from './AskSheet.tsx';
import { Trouble } from './Trouble.tsx';

const REFUSALS: ReferralRefusal[] = ['no_ground', 'not_our_school', 'duplicate', 'family_declined', 'other'];
const NEW = 'new';

interface Choosing { decision: Decision['decision']; reason: string; refusal: ReferralRefusal; child: string }

function decisionOf({ decision, reason, refusal, child }: Choosing): Decision {
    if (decision === 'refused') return { decision, reason: reason.trim(), refusal };
    return { decision, reason: reason.trim(), ...(child === NEW ? { new_child: true } : child ? { child: Number(child) } : {}) };
}

export function DecideSheet({ referral: r, onClose, onDone, onReload }: ReviewSheet) {
    const { t } = useI18n();
    const [it, setIt] = useState<Choosing>({ decision: r.missing.length > 0 ? 'refused' : 'accepted', reason: '', refusal: 'no_ground', child: '' });
    const decide = useAction((key) => api.decideReferral(r, decisionOf(it), key), onDone);
    const fault = fieldFault(t, decide.error);
    const problem = (field: string) => (fault?.field === field ? fault.sentence : null);
    const accepts = it.decision === 'accepted';
    const blocked = accepts && r.missing.length > 0 ? t('intake.review.incomplete') : accepts && r.alike.length > 0 && !it.child ? t('intake.review.choose_child')
        : it.reason.trim() ? null : t('intake.ref.need_reason');
    return (
        <Sheet open wide onClose={onClose} title={t('intake.review.decide_title', { child: r.child_name ?? t('intake.list.no_name') })}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); if (!blocked) decide.run(); }}>
                <Trouble error={decide.error} onReload={onReload} />
                <Choice<Decision['decision']> label={t('intake.review.decision')} value={it.decision} onChange={(decision) => { setIt({ ...it, decision }); }}
                    options={[{ value: 'accepted', label: t('intake.review.accept') }, { value: 'refused', label: t('intake.review.refuse') }]} />
                {accepts && r.alike.length > 0 && <WhichChild referral={r} value={it.child} onChange={(child) => { setIt({ ...it, child }); }} />}
                {!accepts && (
                    <SelectField label={t('intake.field.refusal')} value={it.refusal} onChange={(v) => { setIt({ ...it, refusal: v as ReferralRefusal }); }} problem={problem('refusal')}>
                        {REFUSALS.map((g) => <option key={g} value={g}>{t(`intake.refusal.${g}`)}</option>)}
                    </SelectField>
                )}
                <TextField label={t('intake.field.reason')} value={it.reason} onChange={(reason) => { setIt({ ...it, reason }); }} maxLength={200} maxBytes={400}
                    hint={t('intake.review.reason_hint')} problem={problem('reason')} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look={accepts ? 'main' : 'danger'} type="submit" isPending={decide.pending} blocked={blocked}>{t(accepts ? 'intake.review.accept' : 'intake.review.refuse')}</Button>
                </div>
            </form>
        </Sheet>
    );
}

function WhichChild({ referral, value, onChange }: { referral: Referral; value: string; onChange: (value: string) => void }) {
    const { t } = useI18n();
    const known = referral.alike.flatMap((a) => (a.child ? [{ value: String(a.child.id), label: t('intake.review.alike_is', { name: a.child.name, school: a.school.name }) }] : []));
    return (
        <>
            <Note tone="warn"><p>{t('intake.review.alike')}</p></Note>
            <Choice label={t('intake.field.child')} value={value} onChange={onChange} options={[...known, { value: NEW, label: t('intake.review.alike_new') }]} />
        </>
    );
}
