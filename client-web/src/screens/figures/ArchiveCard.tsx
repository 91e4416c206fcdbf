// SPDX-License-Identifier: Apache-2.0
//
// The centre's whole month as one file: make it, see how far it is, stop it, take it.
import { useState } from 'react';
import { Download, PackageOpen, Square } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import type { ReportArchive } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Note } from '../../ui/Note.tsx';
import './figures.css';

const goesOn = (a: ReportArchive | null | undefined): boolean => a?.state === 'queued' || a?.state === 'running';

export function ArchiveCard({ month }: { month: string }) {
    const { t, fmt } = useI18n();
    const [polling, setPolling] = useState(false);
    const list = useLoad(`archives ${month}`, async (signal) => {
        const found = await api.archives(month, signal);
        setPolling(goesOn(found.archives[0]));
        return found;
    }, polling ? 1000 : undefined);
    const last = list.data?.archives[0] ?? null;
    const make = useAction((key) => api.makeArchive(month, key), () => { setPolling(true); list.reload(); });
    const stop = useAction((key) => api.stopArchive(last?.id ?? 0, key), () => { list.reload(); });
    const busy = make.error instanceof Refused && make.error.error.code === 'not_now';
    if (!list.data && !list.error) return null;
    return (
        <section className="card side-card archive" aria-labelledby="archive">
            <h2 id="archive">{t('archive.title', { month: fmt.month(month) })}</h2>
            <p className="quiet small">{t('archive.about')}</p>
            {list.error !== null && !list.data && <Note tone="warn" role="alert"><p>{errorSentence(t, list.error)}</p></Note>}
            {last && (goesOn(last) ? <Running it={last} stopping={stop.pending} onStop={() => { stop.run(); }} /> : <Over it={last} />)}
            {stop.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, stop.error)}</p></Note>}
            {!goesOn(last) && <div><Button icon={PackageOpen} isPending={make.pending} onPress={() => { make.run(); }}>{t(last ? 'archive.again' : 'archive.make')}</Button></div>}
            {make.error !== null && <Note tone="warn" role="alert"><p>{busy ? t('archive.busy') : errorSentence(t, make.error)}</p></Note>}
        </section>
    );
}

function Running({ it, stopping, onStop }: { it: ReportArchive; stopping: boolean; onStop: () => void }) {
    const { t } = useI18n();
    const name = t(it.state === 'queued' ? 'archive.queued' : 'archive.running');
    return (
        <>
            <progress className="archive-bar" aria-label={name} max={100} value={it.progress.percent} />
            <p role="status">{t('archive.so_far', { name, n: it.progress.percent })}</p>
            <div><Button icon={Square} isPending={stopping} onPress={onStop}>{t('archive.stop')}</Button></div>
        </>
    );
}

function Over({ it }: { it: ReportArchive }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    if (it.state === 'stopped') return <Note><p>{t('archive.stopped')}</p></Note>;
    if (it.state === 'failed') return <Note tone="warn"><p>{t(it.cause === 'restart' ? 'archive.broken_off' : 'archive.failed')}</p></Note>;
    if (!it.file) return <Note><p>{t('archive.swept')}</p></Note>;
    return (
        <>
            <p>{t('archive.inside', { reports: it.reports, accepted: it.accepted })}</p>
            {it.waiting > 0 && <p>{t('archive.waiting', { n: it.waiting })}</p>}
            <div>
                <LinkButton icon={Download} href={api.archiveFile(it.id)} download={`reports-${it.month}.zip`}>
                    {t('archive.take', { mb: fmt.number(Math.max(0.1, Math.ceil(it.file.bytes / 100_000) / 10)) })}
                </LinkButton>
            </div>
            <p className="quiet small">{t('archive.until', { made: fmt.dayTime(it.ended_at ?? it.asked_at, me.tz), day: fmt.dayMonth(it.file.until, me.tz) })}</p>
        </>
    );
}
