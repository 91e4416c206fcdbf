// SPDX-License-Identifier: Apache-2.0
//
// The centre's side: who has it, who may be known already, and the steps that are possible now.
import { useState } from 'react';
import { Gavel, Hand, MessageCircleQuestion } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Referral } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { AskSheet } from './AskSheet.tsx';
import { DecideSheet } from './DecideSheet.tsx';
import { Trouble } from './Trouble.tsx';

export function ReviewPanel({ referral: r, onChanged, onReload }: { referral: Referral; onChanged: (next: Referral) => void; onReload: () => void }) {
    const { t } = useI18n();
    const me = useMe();
    const [sheet, setSheet] = useState<'ask' | 'decide' | null>(null);
    const take = useAction((key) => api.takeReferral(r, key), onChanged);
    const mine = r.reviewer?.id === me.id;
    const free = r.state === 'submitted';
    const close = () => { setSheet(null); };
    const done = (next: Referral) => { close(); onChanged(next); };
    const sheetProps = { referral: r, onClose: close, onDone: done, onReload: () => { close(); onReload(); } };
    return (
        <section className="card intake-card" aria-labelledby="intake-review">
            <h2 id="intake-review">{t('intake.review.title')}</h2>
            <Trouble error={take.error} onReload={onReload} />
            {r.state !== 'incomplete' && <p>{mine ? t('intake.review.mine') : r.reviewer ? t('intake.review.other', { name: r.reviewer.name }) : t('intake.review.free')}</p>}
            {r.alike.length > 0 && <Alike referral={r} />}
            <div className="intake-actions">
                {r.state === 'under_review' && mine && <Button look="main" icon={Gavel} onPress={() => { setSheet('decide'); }}>{t('intake.review.decide')}</Button>}
                {(free || (r.state === 'under_review' && !mine)) && (
                    <Button look={free ? 'main' : 'plain'} icon={Hand} isPending={take.pending} onPress={() => { take.run(); }}>{t(free ? 'intake.review.take' : 'intake.review.take_over')}</Button>
                )}
                {(free || mine) && <Button icon={MessageCircleQuestion} onPress={() => { setSheet('ask'); }}>{t('intake.review.ask')}</Button>}
            </div>
            {sheet === 'ask' && <AskSheet {...sheetProps} />}
            {sheet === 'decide' && <DecideSheet {...sheetProps} />}
        </section>
    );
}

function Alike({ referral }: { referral: Referral }) {
    const { t } = useI18n();
    const link = useLink();
    return (
        <Note tone="warn" title={t('intake.review.alike')}>
            <ul className="intake-list">
                {referral.alike.map((a) => (
                    <li key={`${a.child?.id} ${a.referral}`}>
                        <span>
                            {a.child ? <a {...link({ at: 'case', child: a.child.id })}>{t('intake.review.alike_is', { name: a.child.name, school: a.school.name })}</a>
                                : <a {...link({ at: 'referral', id: a.referral ?? 0 })}>{t('intake.review.alike_referral', { name: a.name })}</a>}
                            <span className="intake-sub">{a.alike === 'same' ? t('intake.review.alike_same') : t('intake.review.alike_other', { school: a.school.name })}</span>
                        </span>
                    </li>
                ))}
            </ul>
        </Note>
    );
}
