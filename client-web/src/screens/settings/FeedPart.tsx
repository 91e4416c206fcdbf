// SPDX-License-Identifier: Apache-2.0
//
// The secret address for one's own calendar program: made, shown once, ended.
import { useState } from 'react';
import { CalendarPlus, Copy, Trash2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import './feed-part.css';

export function FeedPart({ tz }: { tz: string }) {
    const { t, fmt } = useI18n();
    const { data, set } = useLoad('feed', (signal) => api.feed(signal));
    const [copied, setCopied] = useState(false);
    const make = useAction(() => api.newFeed(), (feed) => { setCopied(false); set(feed); });
    const end = useAction(() => api.endFeed(), set);
    const address = data?.address ? location.origin + data.address : null;
    const error = make.error ?? end.error;
    const copy = () => { if (address) navigator.clipboard.writeText(address).then(() => { setCopied(true); }, () => undefined); };
    return (
        <section className="feed-part" aria-labelledby="feed-title">
            <h3 id="feed-title">{t('feed.title')}</h3>
            <p className="quiet">{t('feed.about')}</p>
            {error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, error)}</p></Note>}
            {address && (
                <>
                    <TextField label={t('feed.address')} value={address} onChange={() => undefined} hint={t('feed.keep')} />
                    <Button icon={Copy} onPress={copy}>{t(copied ? 'feed.copied' : 'feed.copy')}</Button>
                </>
            )}
            {data?.since && !address && <p>{t('feed.since', { day: fmt.dayMonth(data.since, tz) })}</p>}
            <div className="feed-do">
                <Button icon={CalendarPlus} onPress={() => { make.run(); }} isPending={make.pending}>{t(data?.since ? 'feed.again' : 'feed.make')}</Button>
                {data?.since && <Button icon={Trash2} onPress={() => { end.run(); }} isPending={end.pending}>{t('feed.end')}</Button>}
            </div>
        </section>
    );
}
