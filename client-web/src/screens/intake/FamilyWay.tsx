// SPDX-License-Identifier: Apache-2.0
//
// How the family gets in: a personal link for the parent and one for the child's device, made here, told
// once. They are passed on by a person, not by mail: the centre knows whom it speaks to.
import { useState } from 'react';
import { Copy, KeyRound } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import type { FamilyLink, FamilyLinkNew } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';

const WHO: FamilyLinkNew['for'][] = ['guardian', 'child'];

/** main: the parent's way in is what the case waits for. */
export function FamilyWay({ child, main, onMade }: { child: number; main: boolean; onMade: () => void }) {
    const { t } = useI18n();
    return (
        <section className="card intake-card" aria-labelledby="case-family">
            <h2 id="case-family">{t('family.title')}</h2>
            <p className="quiet">{t('family.about')}</p>
            {WHO.map((who) => <OneWay key={who} child={child} who={who} main={main && who === 'guardian'} onMade={onMade} />)}
        </section>
    );
}

function OneWay({ child, who, main, onMade }: { child: number; who: FamilyLinkNew['for']; main: boolean; onMade: () => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const [made, setMade] = useState<FamilyLink | null>(null);
    const [copied, setCopied] = useState(false);
    const make = useAction(() => api.familyLink(child, { for: who }), (link) => { setMade(link); setCopied(false); onMade(); });
    const address = made && location.origin + made.address;
    const copy = () => { if (address) navigator.clipboard.writeText(address).then(() => { setCopied(true); }, () => undefined); };
    const noParent = make.error instanceof Refused && make.error.error.code === 'not_now';
    return (
        <>
            {make.error !== null && <Note tone="bad" role="alert"><p>{noParent ? t('family.no_parent') : errorSentence(t, make.error)}</p></Note>}
            {made && address && (
                <div role="status">
                    <TextField label={t(`family.address.${who}`, { name: made.person.name })} value={address} onChange={() => undefined} hint={t('family.until', { day: fmt.dayMonth(made.expires, me.tz) })} />
                </div>
            )}
            <div className="case-pages">
                {address && <Button icon={Copy} onPress={copy}>{t(copied ? 'family.copied' : 'family.copy')}</Button>}
                <Button icon={KeyRound} {...(main && !made ? { look: 'main' as const } : {})} onPress={() => { make.run(); }} isPending={make.pending}>{t(`family.make.${who}`)}</Button>
            </div>
        </>
    );
}
