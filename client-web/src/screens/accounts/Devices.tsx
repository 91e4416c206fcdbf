// SPDX-License-Identifier: Apache-2.0
//
// Where one is signed in; a device that is not known is signed out here.
import { accounts } from '../../core/accounts.ts';
import type { SignInLine } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import '../../ui/table.css';
import './accounts.css';

export function Devices() {
    const { t } = useI18n();
    const { data, error, reload, set } = useLoad('sessions', accounts.sessions);
    const end = useAction((_key, id: number) => accounts.endSession(id), reload);
    const others = useAction(accounts.endOthers, set);
    const problem = end.error ?? others.error;
    return (
        <section className="card account-card">
            <h2>{t('accounts.devices.title')}</h2>
            {Boolean(problem) && <Note tone="warn" role="alert"><p>{errorSentence(t, problem)}</p></Note>}
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={2} onRetry={reload} />)}
            {data && <DeviceTable items={data.items} onEnd={(id) => { end.run(id); }} />}
            {data && data.items.length > 1 && <div><Button onPress={() => { others.run(); }} isPending={others.pending}>{t('accounts.devices.end_others')}</Button></div>}
        </section>
    );
}

function DeviceTable({ items, onEnd }: { items: SignInLine[]; onEnd: (id: number) => void }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    return (
        <div className="table-wrap">
            <table className="table cards">
                <thead><tr><th>{t('accounts.devices.device')}</th><th>{t('accounts.devices.seen')}</th><th>{t('accounts.devices.net')}</th><th><span className="spoken">{t('accounts.devices.end')}</span></th></tr></thead>
                <tbody>
                    {items.map((s) => {
                        const device = s.device || t('accounts.devices.unknown');
                        return (
                            <tr key={s.id}>
                                <th scope="row">{device}</th>
                                <td className="time" data-label={t('accounts.devices.seen')}>{fmt.dayTime(s.seen, me.tz)}</td>
                                <td data-label={t('accounts.devices.net')}>{s.net}</td>
                                <td>{s.current ? <span className="quiet">{t('accounts.devices.here')}</span>
                                    : <Button look="plain" onPress={() => { onEnd(s.id); }} aria-label={t('accounts.devices.end_name', { device })}>{t('accounts.devices.end')}</Button>}</td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}
