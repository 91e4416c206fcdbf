// SPDX-License-Identifier: Apache-2.0
//
// How the child is: a closed page between mentor and coordinator, in no report.
import { useState } from 'react';
import { Lock, Save } from 'lucide-react';
import { api, type Versioned } from '../../core/api.ts';
import type { Report, Wellbeing } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import './reports.css';
import './way.css';

export default function WellbeingPage({ id }: { id: string }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const link = useLink();
    const report = useLoad(`report ${id}`, (signal) => api.report(id, signal));
    const note = useLoad(`wellbeing ${id}`, (signal) => api.wellbeing(id, signal));
    const r = report.data;
    const writes = r?.mentor.id === me.id;
    return (
        <OfficePage title={r ? t('wellbeing.title', { child: r.child.name }) : t('wellbeing.title_plain')}
            crumb={<a {...link({ at: 'report', id })}>{r ? t('report.title', { child: r.child.name, mentor: r.mentor.name }) : t('reports.title')}</a>}
            sub={fmt.month(id.slice(-7))}>
            {(!note.data || !r) && (note.error ?? report.error ? <Failed sentence={errorSentence(t, note.error ?? report.error)} onRetry={() => { note.reload(); report.reload(); }} /> : <Loading rows={4} onRetry={note.reload} />)}
            {r && note.data && (
                <section className="card side-card">
                    <p className="wellbeing-lead"><Lock className="icon" aria-hidden />{t('wellbeing.lead')}</p>
                    {writes ? <Write key={note.data.etag} report={r} note={note.data} onSaved={note.set} /> : <Read note={note.data} />}
                </section>
            )}
        </OfficePage>
    );
}

function Read({ note }: { note: Versioned<Wellbeing> }) {
    const { t } = useI18n();
    if (!note.value.text) return <Empty icon={Lock} sentence={t('wellbeing.none')} />;
    return <><p className="wellbeing-text">{note.value.text}</p><p className="quiet small">{t('wellbeing.audited')}</p></>;
}

function Write({ report: r, note, onSaved }: { report: Report; note: Versioned<Wellbeing>; onSaved: (now: Versioned<Wellbeing>) => void }) {
    const { t } = useI18n();
    const [text, setText] = useState(note.value.text ?? '');
    const save = useAction(() => api.putWellbeing(r.id, note.etag, { text }), onSaved);
    return (
        <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); save.run(); }}>
            {save.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, save.error)}</p></Note>}
            <TextField label={t('wellbeing.text')} value={text} onChange={setText} rows={6} maxLength={2000} maxBytes={4000} />
            <div className="report-buttons"><Button look="main" type="submit" icon={Save} isPending={save.pending}>{t('common.save')}</Button></div>
        </form>
    );
}
