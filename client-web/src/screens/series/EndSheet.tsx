// SPDX-License-Identifier: Apache-2.0
//
// Ends a series from a day on. What is published is cancelled, what waits in drafts leaves them.
import { useState, type FormEvent } from 'react';
import { Refused } from '../../core/api.ts';
import type { Series, SeriesEnded } from '../../core/api.gen.ts';
import { seriesApi } from '../../core/series.ts';
import { wall } from '../../core/wall.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useNow } from '../../hooks/useNow.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useSubject } from './useSubject.ts';

const STALE: readonly string[] = ['stale', 'need_match'];
const stale = (problem: unknown): boolean => problem instanceof Refused && STALE.includes(problem.error.code);

export function EndSheet({ series: s, onClose, onStale, onDone }: { series: Series; onClose: () => void; onStale: () => void; onDone: (what: SeriesEnded) => void }) {
    const { t, fmt } = useI18n();
    const subject = useSubject();
    const now = useNow(60_000);
    const [from, setFrom] = useState(wall(s.next ?? now, s.tz).date);
    const [reason, setReason] = useState('');
    const [tried, setTried] = useState(false);
    const end = useAction((key) => seriesApi.end(s, { from, reason: reason.trim() }, key).catch((problem: unknown) => {
        if (stale(problem)) onStale();
        throw problem;
    }), onDone);
    const submit = (e: FormEvent) => {
        e.preventDefault();
        setTried(true);
        if (from && reason.trim()) end.run();
    };
    return (
        <Sheet open onClose={onClose} title={t('series.end_title')}>
            <form className="form" noValidate onSubmit={submit}>
                {end.error !== null && <Note tone="bad" role="alert"><p>{stale(end.error) ? t('series.stale') : errorSentence(t, end.error)}</p></Note>}
                <p>{t('series.end_what', { who: fmt.list(s.children.map((c) => c.name)), subject: subject(s.subject), mentor: s.mentor.name })}</p>
                <p className="quiet">{t('series.end_then')}</p>
                <TextField label={t('series.end_from')} type="date" value={from} onChange={setFrom} problem={tried && !from ? t('series.end_need_day') : null} />
                <TextField label={t('series.end_reason')} value={reason} onChange={setReason} rows={2} maxLength={200} maxBytes={400} problem={tried && !reason.trim() ? t('series.end_need_reason') : null} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="danger" type="submit" isPending={end.pending}>{t('series.end_do')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
