// SPDX-License-Identifier: Apache-2.0
import { FilePlus2 } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink, useRouter } from '../../hooks/useRoute.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Note } from '../../ui/Note.tsx';
import '../../ui/table.css';

/** Drafts of the timetable that are being prepared, and the way to a new one. */
export function Drafts() {
    const { t } = useI18n();
    const link = useLink();
    const { go } = useRouter();
    const { data } = useLoad('versions', (signal) => api.versions(signal), 30_000);
    const create = useAction((key) => api.newDraft(key), (v) => { go({ at: 'draft', id: v.id }); });
    const drafts = (data?.items ?? []).filter((v) => v.state === 'draft' || v.state === 'validated');
    return (
        <section className="card no-print" aria-labelledby="week-drafts">
            <div className="panel-head">
                <h2 id="week-drafts">{t('week.drafts')}</h2>
                <Button icon={FilePlus2} onPress={() => { create.run(); }} isPending={create.pending}>{t('week.new_draft')}</Button>
            </div>
            {create.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, create.error)}</p></Note>}
            {data && drafts.length === 0 && <p className="quiet week-pad">{t('week.no_drafts')}</p>}
            <ul className="week-drafts">
                {drafts.map((v) => (
                    <li key={v.id}>
                        <a className="row-link" {...link({ at: 'draft', id: v.id })}>{t('week.draft', { n: v.number })}</a>
                        <span className="quiet">{t('week.draft_lessons', { n: v.planned })}</span>
                        <Chip tone={v.state === 'validated' ? 'ok' : 'plain'}>{t(`draft.state.${v.state}`)}</Chip>
                    </li>
                ))}
            </ul>
        </section>
    );
}
