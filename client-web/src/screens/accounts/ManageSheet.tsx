// SPDX-License-Identifier: Apache-2.0
//
// What is done to somebody's access. Each button says what it does; none is done by opening the sheet.
import { useState } from 'react';
import { accounts } from '../../core/accounts.ts';
import type { StaffPerson } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import './accounts.css';

type What = 'sign-out' | 'lock' | 'unlock' | 'second-step-off';

export function ManageSheet({ person, onClose, onChange }: { person: StaffPerson; onClose: () => void; onChange: () => void }) {
    const { t } = useI18n();
    const me = useMe();
    const [done, setDone] = useState<What | null>(null);
    const act = useAction(async (_key, what: What) => { await accounts.manage(person.id, what); return what; }, (what) => { setDone(what); onChange(); });
    const button = (what: What, look: 'plain' | 'danger', text: string) => (
        <div><Button look={look} onPress={() => { setDone(null); act.run(what); }} isPending={act.pending}>{text}</Button></div>
    );
    const locked = done === 'lock' || (person.status === 'locked' && done !== 'unlock');
    return (
        <Sheet open onClose={onClose} title={person.name}>
            {done && <Note tone="ok" role="status"><p>{t('accounts.people.done')}</p></Note>}
            {Boolean(act.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, act.error)}</p></Note>}
            {!locked && <><p className="quiet">{t('accounts.people.devices', { n: done ? 0 : person.devices })}</p>{button('sign-out', 'plain', t('accounts.people.sign_out'))}</>}
            {me.role === 'admin' && person.second && done !== 'second-step-off' && <><p className="quiet">{t('accounts.people.second_about')}</p>{button('second-step-off', 'danger', t('accounts.people.second_away'))}</>}
            {locked ? button('unlock', 'plain', t('accounts.people.unlock'))
                : <><p className="quiet">{t('accounts.people.lock_about')}</p>{button('lock', 'danger', t('accounts.people.lock'))}</>}
        </Sheet>
    );
}
