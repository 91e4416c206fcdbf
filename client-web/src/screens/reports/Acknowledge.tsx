// SPDX-License-Identifier: Apache-2.0
//
// The school's one click: every copy of the page that it has and has not acknowledged yet.
import { useState } from 'react';
import { CircleCheck } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ReportItem } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';

export function Acknowledge({ items, onDone }: { items: ReportItem[]; onDone: () => void }) {
    const { t } = useI18n();
    const [done, setDone] = useState(0);
    const open = items.filter((r) => r.copy?.sent && !r.copy.acknowledged).map((r) => r.id);
    const say = useAction((key) => api.acknowledgeReports(open, key), ({ acknowledged }) => { setDone(acknowledged); onDone(); });
    return (
        <div className="acknowledge">
            {say.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, say.error)}</p></Note>}
            {done > 0 && <Note tone="ok" role="status"><p>{t('reports.acknowledged_now', { n: done })}</p></Note>}
            {open.length > 0 && <div><Button look="main" icon={CircleCheck} isPending={say.pending} onPress={() => { say.run(); }}>{t('reports.acknowledge', { n: open.length })}</Button></div>}
            {open.length === 0 && done === 0 && <p className="quiet">{t('reports.acknowledge_why')}</p>}
        </div>
    );
}
