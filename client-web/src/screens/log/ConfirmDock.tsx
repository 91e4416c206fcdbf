// SPDX-License-Identifier: Apache-2.0
//
// "All correct this week": one press for all lessons of the week that are over.
import { useState } from 'react';
import { Check } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ChildLog } from '../../core/api.gen.ts';
import { now } from '../../core/clock.ts';
import { toConfirm } from '../../core/log-line.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';

export function ConfirmDock({ log, onDone }: { log: ChildLog; onDone: () => void }) {
    const { t } = useI18n();
    const [thanks, setThanks] = useState<string | null>(null);
    const lessons = toConfirm(log.days, now());
    const confirm = useAction((_key) => api.confirmMany(log.child.id, lessons), ({ confirmed }) => {
        setThanks(t('log.all_correct_done', { n: confirmed }));
        onDone();
    });
    return (
        <div className="confirm-dock">
            <p role="status" className="confirm-said">{confirm.error ? errorSentence(t, confirm.error) : (thanks ?? (lessons.length === 0 ? t('log.all_correct_none') : ''))}</p>
            {lessons.length > 0 && <Button look="main" wide icon={Check} isPending={confirm.pending} onPress={() => { confirm.run(); }}>{t('log.all_correct')}</Button>}
        </div>
    );
}
