// SPDX-License-Identifier: Apache-2.0
//
// The school's one click: every copy of the list that it has and has not acknowledged yet.
import { useState } from 'react';
import { CircleCheck } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { SheetItem } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';

const AT_ONCE = 100; // as many as one request takes; what is left is said by the next press

export function AcknowledgeSheets({ items, onDone }: { items: SheetItem[]; onDone: () => void }) {
    const { t } = useI18n();
    const [done, setDone] = useState(0);
    const open = items.filter((s) => s.copy?.sent && !s.copy.acknowledged).map((s) => s.id).slice(0, AT_ONCE);
    const say = useAction((key) => api.acknowledgeSheets(open, key), ({ acknowledged }) => { setDone(acknowledged); onDone(); });
    return (
        <div className="acknowledge">
            {say.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, say.error)}</p></Note>}
            {done > 0 && <Note tone="ok" role="status"><p>{t('sheets.acknowledged_now', { n: done })}</p></Note>}
            {open.length > 0 && <div><Button look="main" icon={CircleCheck} isPending={say.pending} onPress={() => { say.run(); }}>{t('sheets.acknowledge', { n: open.length })}</Button></div>}
        </div>
    );
}
