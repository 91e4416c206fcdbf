// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { CircleAlert, CircleCheck, CircleDashed, CircleX, FileDown, FileUp, Hourglass, ScanEye } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { DocumentKind, StaffDocument } from '../../core/api.gen.ts';
import { documentState, type DocumentState } from '../../core/hiring.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import type { Icon } from '../../ui/icon.ts';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { useHiringWords } from './useHiringWords.ts';

const LOOK: Record<DocumentState, { tone: Tone; icon: Icon }> = {
    missing: { tone: 'plain', icon: CircleDashed }, waiting: { tone: 'info', icon: Hourglass }, verified: { tone: 'ok', icon: CircleCheck },
    returned: { tone: 'bad', icon: CircleX }, expired: { tone: 'bad', icon: CircleAlert },
};

function Facts({ d }: { d: StaffDocument }) {
    const { t, fmt } = useI18n();
    const { day } = useHiringWords();
    return (
        <>
            <p className="quiet small">{d.expires === null
                ? t('hiring.document_facts', { issued: day(d.issued), kb: fmt.number(Math.ceil(d.bytes / 1024)) })
                : t('hiring.document_facts_until', { issued: day(d.issued), expires: day(d.expires), kb: fmt.number(Math.ceil(d.bytes / 1024)) })}</p>
            {d.verified_by && <p className="quiet small">{t(d.original_seen ? 'hiring.verified_seen' : 'hiring.verified_by', { who: d.verified_by.name })}</p>}
            {d.reason !== null && <p className="small paper-reason">{t('hiring.returned_why', { reason: d.reason })}</p>}
        </>
    );
}

export function DocumentRow({ kind, document: d, today, own, onSend, onLook }: {
    kind: DocumentKind; document: StaffDocument | undefined; today: string; own: boolean; onSend: (dropped: File | null) => void; onLook: (d: StaffDocument) => void;
}) {
    const { t } = useI18n();
    const { role } = useMe();
    const [over, setOver] = useState(false);
    const state = documentState(d, today);
    const name = t(`hiring.kind.${kind}`);
    const maySend = own || role === 'coordinator';
    const drop = maySend ? {
        onDragOver: (e: React.DragEvent) => { e.preventDefault(); setOver(true); },
        onDragLeave: () => { setOver(false); },
        onDrop: (e: React.DragEvent) => { e.preventDefault(); setOver(false); onSend(e.dataTransfer.files[0] ?? null); },
    } : {};
    return (
        <li className={`paper${over ? ' over' : ''}`} {...drop}>
            <div className="paper-what">
                <p className="strong">{name}</p>
                {d ? <Facts d={d} /> : <p className="quiet small">{t(kind === 'award' ? 'hiring.award_hint' : own ? 'hiring.missing_own' : 'hiring.missing')}</p>}
            </div>
            <Chip {...LOOK[state]}>{t(`hiring.state.${state}`)}</Chip>
            <div className="paper-do">
                {d && <LinkButton look="soft" icon={FileDown} href={api.documentFile(d.id)} download aria-label={t('hiring.open_file', { paper: name })}>{t('hiring.open')}</LinkButton>}
                {d && role === 'coordinator' && !own && state !== 'returned' && <Button icon={ScanEye} aria-label={t('hiring.look_at', { paper: name })} onPress={() => { onLook(d); }}>{t(state === 'waiting' ? 'hiring.look' : 'hiring.look_again')}</Button>}
                {maySend && (kind === 'award' || state !== 'verified') && <Button icon={FileUp} aria-label={t('hiring.send_it', { paper: name })} onPress={() => { onSend(null); }}>{t(d && kind !== 'award' ? 'hiring.send_another' : 'hiring.send')}</Button>}
            </div>
        </li>
    );
}
