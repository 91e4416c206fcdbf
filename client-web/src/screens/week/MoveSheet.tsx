// SPDX-License-Identifier: Apache-2.0
//
// A lesson that was put down somewhere else: when it counts (at once, or with a draft), why, and what
// the rules say against it, with times that are free for everybody.
import { useState } from 'react';
import { CalendarX } from 'lucide-react';
import { api, Refused } from '../../core/api.ts';
import type { Conflict, Lesson } from '../../core/api.gen.ts';
import { wall, wholeMinutes } from '../../core/wall.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { FormFrame } from '../lesson/FormFrame.tsx';
import { TimeFields, timeComplete, type When } from '../lesson/TimeFields.tsx';

const NOW = 'now';

export function MoveSheet({ lesson, start, onClose, onDone, onRefused }: {
    lesson: Lesson; start: number; onClose: () => void; onDone: () => void; onRefused: (conflicts: Conflict[]) => void;
}) {
    const { t, fmt } = useI18n();
    const [when, setWhen] = useState<When>({ ...wall(start, lesson.tz), minutes: String(wholeMinutes(lesson.end - lesson.start)) });
    const [reason, setReason] = useState('');
    const [how, setHow] = useState<string>(NOW);
    const drafts = (useLoad('versions', (signal) => api.versions(signal)).data?.items ?? []).filter((v) => v.state === 'draft' || v.state === 'validated');
    const etag = `"v${lesson.version}"`;
    const draft = how === NOW ? null : Number(how);

    const send = async (key: string, pick?: 'earlier' | 'later') => {
        const to = { date: when.date, time: when.time, minutes: Number(when.minutes), ...(pick ? { pick } : {}) };
        try {
            return draft ? await api.planMove(draft, etag, { lesson: lesson.id, ...to }, key)
                : await api.moveLesson(lesson.id, etag, { ...to, reason: reason.trim() }, key);
        } catch (error) {
            if (error instanceof Refused && error.error.conflicts) onRefused(error.error.conflicts);
            throw error;
        }
    };
    const move = useAction(send, onDone);
    const drop = useAction((key, version: number) => api.planDrop(version, etag, lesson.id, key), onDone);
    const missing = !timeComplete(when) ? t('lesson.need_time') : !draft && !reason.trim() ? t('lesson.need_reason') : null;
    const who = fmt.list(lesson.children.map((c) => c.name));
    return (
        <Sheet open onClose={onClose} wide title={t('week.move_title', { subject: t(`subject.${lesson.subject}`), who })}>
            <p className="quiet">{t('week.move_from', { time: fmt.dayTime(lesson.start, lesson.tz) })}</p>
            <FormFrame doIt={t(draft ? 'week.plan' : 'week.move')} onSubmit={() => { move.run(); }} onBack={onClose} pending={move.pending} error={move.error ?? drop.error} tz={lesson.tz}
                blocked={missing} onPick={(pick) => { move.run(pick); }}
                onSlot={(slot) => { setWhen({ ...wall(slot.start, lesson.tz), minutes: String(wholeMinutes(slot.end - slot.start)) }); move.clear(); }}>
                <TimeFields when={when} onChange={setWhen} tz={lesson.tz} />
                {drafts.length > 0 && (
                    <Choice label={t('week.how')} value={how} onChange={setHow}
                        options={[{ value: NOW, label: t('week.at_once') }, ...drafts.map((v) => ({ value: String(v.id), label: t('week.with_draft', { n: v.number }) }))]} />
                )}
                {!draft && <TextField label={t('lesson.reason')} value={reason} onChange={setReason} maxLength={200} maxBytes={400} hint={t('lesson.reason_hint')} />}
                {draft && <Button icon={CalendarX} onPress={() => { drop.run(draft); }} isPending={drop.pending}>{t('week.drop')}</Button>}
            </FormFrame>
        </Sheet>
    );
}
