// SPDX-License-Identifier: Apache-2.0
//
// What a school writes about a child: who, the medical conclusion, the paediatrician's recommendation.
// Saved bit by bit; a refusal loses nothing that was typed.
import { useRef, useState } from 'react';
import { api } from '../../core/api.ts';
import type { Referral, ScanKind } from '../../core/api.gen.ts';
import { emptyBasis, formOf, patchOf, recommendationOf } from '../../core/referral-form.ts';
import { useAction } from '../../hooks/useAction.ts';
import { fieldFault } from '../../i18n/faults.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { BasisFields } from './BasisFields.tsx';
import { PaperSlot } from './PaperSlot.tsx';
import { PersonFields } from './PersonFields.tsx';
import { RecommendationFields } from './RecommendationFields.tsx';
import { ScanSlot } from './ScanSlot.tsx';
import { Trouble } from './Trouble.tsx';

export function ReferralForm({ referral, onSaved, onScan, onReload }: {
    referral: Referral | null; onSaved: (saved: Referral) => void; onScan?: (next: Referral) => void; onReload?: () => void;
}) {
    const { t } = useI18n();
    const [form, setForm] = useState(() => formOf(referral));
    const made = useRef(referral); // a draft that was made before its sending was refused is not made twice
    const save = useAction(async (key, send: boolean) => {
        made.current = made.current ? await api.patchReferral(made.current, patchOf(form)) : await api.createReferral(patchOf(form), key);
        return send ? api.submitReferral(made.current, `${key}-send`) : made.current;
    }, onSaved);
    const fault = fieldFault(t, save.error);
    const problem = (field: string): string | null => (fault?.field === field ? fault.sentence : null);
    const { basis, recommendation } = form;
    const scan = (kind: ScanKind, there = false) => referral && onScan && <ScanSlot referral={referral.id} kind={kind} there={there} onSent={onScan} />;
    return (
        <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); save.run(true); }}>
            <Trouble error={save.error} {...(onReload ? { onReload } : {})} />
            <section className="card intake-card">
                <h2>{t('intake.ref.child')}</h2>
                <PersonFields value={form.person} problem={problem} onChange={(person) => { setForm({ ...form, person }); }} />
            </section>
            <PaperSlot title={t('intake.ref.basis')} paper={referral?.basis ?? null} scan={scan('basis', referral?.basis?.scan)} writing={basis !== null}
                onWrite={(on) => { setForm({ ...form, basis: on ? emptyBasis : null }); }}>
                {basis && <BasisFields value={basis} problem={problem} onChange={(v) => { setForm({ ...form, basis: v }); }} />}
            </PaperSlot>
            <PaperSlot title={t('intake.ref.recommendation')} paper={referral?.recommendation ?? null} scan={scan('recommendation', referral?.recommendation?.scan)} writing={recommendation !== null}
                onWrite={(on) => { setForm({ ...form, recommendation: on ? recommendationOf(referral?.recommendation ?? null) : null }); }}>
                {recommendation && <RecommendationFields value={recommendation} problem={problem} onChange={(v) => { setForm({ ...form, recommendation: v }); }} />}
            </PaperSlot>
            <div className="intake-actions">
                <Button look="main" type="submit" isPending={save.pending}>{t('intake.ref.send')}</Button>
                <Button onPress={() => { save.run(false); }} isPending={save.pending}>{t(!referral || referral.state === 'draft' ? 'intake.ref.save' : 'intake.ref.save_changes')}</Button>
            </div>
        </form>
    );
}
