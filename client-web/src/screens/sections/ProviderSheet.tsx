// SPDX-License-Identifier: Apache-2.0
//
// An organisation that has sections: its name, a short code, a telephone.
import { useState } from 'react';
import { api } from '../../core/api.ts';
import { useAction } from '../../hooks/useAction.ts';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Sheet } from '../../ui/Sheet.tsx';

export function ProviderSheet({ onClose, onDone }: { onClose: () => void; onDone: (id: number) => void }) {
    const { t } = useI18n();
    const [name, setName] = useState('');
    const [code, setCode] = useState('');
    const [phone, setPhone] = useState('');
    const save = useAction((key) => api.createProvider({ name: name.trim(), code: code.trim(), ...(phone.trim() ? { phone: phone.trim() } : {}) }, key), (made) => { onDone(made.id); });
    return (
        <Sheet open onClose={onClose} title={t('sectionnew.provider_new')}>
            <div className="form">
                {save.error !== null && <Note tone="bad" role="alert"><p>{errorSentence(t, save.error)}</p></Note>}
                <TextField label={t('sectionnew.provider_name')} value={name} onChange={setName} maxLength={80} />
                <TextField label={t('sectionnew.provider_code')} value={code} onChange={setCode} maxLength={32} hint={t('sectionnew.provider_code_hint')} />
                <TextField label={t('sectionnew.phone')} value={phone} onChange={setPhone} maxLength={40} />
                <div className="sheet-actions">
                    <Button onPress={onClose}>{t('common.cancel')}</Button>
                    <Button look="main" isPending={save.pending} blocked={name.trim() && code.trim() ? null : t('sectionnew.need_provider_names')} onPress={() => { save.run(); }}>{t('sectionnew.save_provider')}</Button>
                </div>
            </div>
        </Sheet>
    );
}
