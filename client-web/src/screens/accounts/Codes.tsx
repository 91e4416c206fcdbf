// SPDX-License-Identifier: Apache-2.0
//
// Recovery codes: shown once, until the person says that they are kept.
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import './accounts.css';

export function Codes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
    const { t } = useI18n();
    return (
        <section className="card account-card">
            <h2>{t('accounts.second.codes_title')}</h2>
            <Note tone="warn" role="status"><p>{t('accounts.second.codes')}</p></Note>
            <ul className="account-codes">{codes.map((code) => <li key={code}>{code}</li>)}</ul>
            <div><Button look="main" onPress={onKept}>{t('accounts.second.kept')}</Button></div>
        </section>
    );
}
