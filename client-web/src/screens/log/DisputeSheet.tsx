// SPDX-License-Identifier: Apache-2.0
//
// "Something is wrong": the family writes how it was; the centre answers.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import type { LogLesson } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';

export function DisputeSheet({ lesson, child, tz, onClose, onDone }: { lesson: LogLesson; child: number; tz: string; onClose: () => void; onDone: () => void }) {
    const { t, fmt } = useI18n();
    const [text, setText] = useState('');
    const [asked, setAsked] = useState(false);
    const send = useAction((_key) => api.confirm(lesson.id, { child, result: 'disputed', text: text.trim() }), onDone);
    const missing = text.trim().length < 3 ? t('log.wrong_need') : null;
    return (
        <Sheet open onClose={onClose} title={t('log.wrong_title')}>
            <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); setAsked(true); if (!missing) send.run(); }}>
                <p className="strong">{fmt.weekdayDay(lesson.start, tz)}, {fmt.clock(lesson.start, tz)}, {t(`subject.${lesson.subject}`)}</p>
                {send.error !== null && <Note tone="warn" role="alert"><p>{errorSentence(t, send.error)}</p></Note>}
                <TextField label={t('log.wrong_label')} hint={t('log.wrong_text')} value={text} onChange={setText} rows={4} maxLength={400} maxBytes={400} problem={asked ? missing : null} autoFocus />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" type="submit" isPending={send.pending}>{t('log.wrong_send')}</Button>
                </div>
            </form>
        </Sheet>
    );
}
