// SPDX-License-Identifier: Apache-2.0
//
// What doctors wrote: closed until somebody says what for. The words live in this part alone and are
// gone when it is left (also for a page that takes time to come, behind which this one waits), hidden or
// kept by the browser for its Back button.
import { useEffect, useState } from 'react';
import { EyeOff, FileDown, Lock, LockOpen } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { Medical, Referral, ScanKind, Why } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { LEAVING } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Trouble } from './Trouble.tsx';

const WHYS: Why[] = ['review', 'limits', 'family', 'dispute'];

export function MedicalBox({ referral: r }: { referral: Referral }) {
    const { t } = useI18n();
    const [asking, setAsking] = useState(false);
    const [why, setWhy] = useState<Why>(r.closed === null ? 'review' : 'limits');
    const [words, setWords] = useState<Medical | null>(null);
    const open = useAction(() => api.readMedical(r.id, { why }), (m: Medical) => { setWords(m); setAsking(false); });
    useEffect(() => {
        const forget = () => { setWords(null); };
        const left = ['pagehide', LEAVING];
        left.forEach((event) => { addEventListener(event, forget); });
        return () => { left.forEach((event) => { removeEventListener(event, forget); }); };
    }, []);
    const any = r.basis?.words === true || r.recommendation?.words === true || r.state === 'accepted' || r.state === 'refused';
    return (
        <section className="card intake-card" aria-labelledby="intake-medical">
            <h2 id="intake-medical">{words ? <LockOpen className="icon" aria-hidden /> : <Lock className="icon" aria-hidden />}{t('intake.med.title')}</h2>
            {!words && <p className="quiet">{t(any ? 'intake.med.closed' : 'intake.med.none')}</p>}
            {!words && any && <Button onPress={() => { setAsking(true); }}>{t('intake.med.open')}</Button>}
            {words && <Words words={words} />}
            {words && <Scans referral={r} why={why} />}
            {words && <Button icon={EyeOff} onPress={() => { setWords(null); }}>{t('intake.med.hide')}</Button>}
            {asking && (
                <Sheet open onClose={() => { setAsking(false); }} title={t('intake.med.open')}>
                    <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); open.run(); }}>
                        <Trouble error={open.error} />
                        <p className="quiet">{t('intake.med.closed')}</p>
                        <Choice<Why> label={t('intake.field.why')} value={why} onChange={setWhy} options={WHYS.map((value) => ({ value, label: t(`intake.med.why.${value}`) }))} />
                        <div className="sheet-actions">
                            <Button onPress={() => { setAsking(false); }}>{t('common.cancel')}</Button>
                            <Button look="main" type="submit">{t('intake.med.do')}</Button>
                        </div>
                    </form>
                </Sheet>
            )}
        </section>
    );
}

const ENDING: Record<string, string> = { 'application/pdf': 'pdf', 'image/png': 'png', 'image/jpeg': 'jpg' };

/** Hands the bytes to the browser to be saved; the page itself does not show them. */
function saveAs(file: Blob, name: string): void {
    const address = URL.createObjectURL(file);
    const a = document.createElement('a');
    a.href = address;
    a.download = `${name}.${ENDING[file.type] ?? 'bin'}`;
    a.click();
    setTimeout(() => { URL.revokeObjectURL(address); }, 1000);
}

/** Each opening of a scan is written down, with the cause that was given. */
function Scans({ referral: r, why }: { referral: Referral; why: Why }) {
    const { t } = useI18n();
    const open = useAction(async (_key, kind: ScanKind) => ({ kind, file: await api.openScan(r.id, { kind, why }) }), ({ kind, file }) => { saveAs(file, `${kind}-${r.id}`); });
    const kinds = (['basis', 'recommendation'] as const).filter((k) => r[k]?.scan);
    if (kinds.length === 0) return null;
    return (
        <>
            <Trouble error={open.error} />
            {kinds.map((k) => <Button key={k} icon={FileDown} isPending={open.pending} onPress={() => { open.run(k); }}>{t(`intake.scan.save_${k}`)}</Button>)}
        </>
    );
}

function Words({ words: { basis, recommendation, reason } }: { words: Medical }) {
    const { t } = useI18n();
    const lines: [string, string][] = [
        ...(basis ? (['document', 'issuer', 'ground'] as const).map((f): [string, string] => [t(`intake.field.${f}`), basis[f]]) : []),
        ...(recommendation ? (['doctor', 'organisation', 'words'] as const).map((f): [string, string] => [t(`intake.field.${f}`), recommendation[f]]) : []),
        ...(reason ? [[t('intake.med.decision'), reason] as [string, string]] : []),
    ];
    return (
        <>
            <p role="status" className="small quiet">{t('intake.med.opened')}</p>
            {lines.length > 0 ? <dl className="intake-words">{lines.map(([name, text]) => <div key={name}><dt>{name}</dt><dd>{text || '–'}</dd></div>)}</dl>
                : <p>{t('intake.med.none')}</p>}
        </>
    );
}
