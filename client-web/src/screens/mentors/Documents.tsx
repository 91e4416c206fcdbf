// SPDX-License-Identifier: Apache-2.0
//
// The hiring set: one row a kind, each with how it stands and the one thing to do about it. A file may be
// dropped on its row.
import { useState } from 'react';
import type { DocumentKind, StaffDocument } from '../../core/api.gen.ts';
import { documentRows } from '../../core/hiring.ts';
import { now } from '../../core/clock.ts';
import { wall } from '../../core/wall.ts';
import { useI18n } from '../../i18n/index.tsx';
import { DocumentRow } from './DocumentRow.tsx';
import { LookSheet } from './LookSheet.tsx';
import type { Part } from './MentorFile.tsx';
import { SendSheet } from './SendSheet.tsx';

export function Documents({ file, onFile, own }: Part) {
    const { t } = useI18n();
    const [sending, setSending] = useState<{ kind: DocumentKind; dropped: File | null } | null>(null);
    const [looking, setLooking] = useState<StaffDocument | null>(null);
    const today = wall(now(), file.tz).date;
    return (
        <section className="card" aria-labelledby="hiring-documents">
            <div className="panel-head"><h2 id="hiring-documents">{t('hiring.documents')}</h2><span className="quiet small">{t('hiring.documents_hint')}</span></div>
            <ul className="paper-list">
                {documentRows(file).map(({ kind, document }) => (
                    <DocumentRow key={document?.id ?? kind} kind={kind} document={document} today={today} own={own}
                        onSend={(dropped) => { setSending({ kind, dropped }); }} onLook={setLooking} />
                ))}
            </ul>
            {sending && <SendSheet mentor={file.mentor.id} kind={sending.kind} dropped={sending.dropped} today={today} onClose={() => { setSending(null); }} onFile={(f) => { setSending(null); onFile(f); }} />}
            {looking && <LookSheet document={looking} onClose={() => { setLooking(null); }} onFile={(f) => { setLooking(null); onFile(f); }} />}
        </section>
    );
}
