// SPDX-License-Identifier: Apache-2.0
//
// Who owes a second step meets it before anything else. The server refuses the rest meanwhile; here it
// is said in time.
import type { ReactNode } from 'react';
import { LogOut } from 'lucide-react';
import { accounts } from '../../core/accounts.ts';
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useSession } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { SecondStep } from './SecondStep.tsx';
import './accounts.css';

export default function EnrolGate({ children }: { children: ReactNode }) {
    const { t } = useI18n();
    const { signedOut } = useSession();
    const { data, reload } = useLoad('second', accounts.second);
    if (!data?.owed) return children;
    const leave = () => { api.signOut().catch(() => undefined).finally(signedOut); };
    return (
        <FamilyPage title={t('accounts.second.title')} narrow>
            <div className="account-gate">
                <SecondStep state={data} onChange={reload} />
                <div><Button icon={LogOut} onPress={leave}>{t('settings.sign_out')}</Button></div>
            </div>
        </FamilyPage>
    );
}
