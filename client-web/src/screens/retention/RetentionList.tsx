// SPDX-License-Identifier: Apache-2.0
//
// What a run has listed of one kind: since when the days count, what holds an item back, and who it is
// where the reader may know that.
import { useState } from 'react';
import { ListChecks } from 'lucide-react';
import type { RetentionItem, RetentionKind } from '../../core/api.gen.ts';
import { PEOPLE, retention } from '../../core/retention.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { HoldSheet, type Held } from './HoldSheet.tsx';
import '../../ui/table.css';
import './retention.css';

export default function RetentionList({ run, kind }: { run: number; kind: RetentionKind }) {
    const { t } = useI18n();
    const link = useLink();
    const [more, setMore] = useState<RetentionItem[]>([]);
    const [next, setNext] = useState<string | null | undefined>(undefined);
    const [held, setHeld] = useState<Held | null>(null);
    const [told, setTold] = useState(false);
    const { data, error, reload } = useLoad(`retention ${run} ${kind}`, (signal) => retention.items(run, kind, undefined, signal));
    const cursor = next === undefined ? data?.next ?? null : next;
    const goOn = useAction((_key, from: string) => retention.items(run, kind, from), (page) => {
        setMore((old) => [...old, ...page.items]);
        setNext(page.next);
    });
    const items = data ? [...data.items, ...more] : [];
    return (
        <OfficePage title={t(`retention.kind.${kind}`)} sub={t(`retention.what.${kind}`)} crumb={<a {...link({ at: 'retention' })}>{t('retention.title')}</a>}>
            {told && <Note tone="ok" role="status"><p>{t('retention.hold.done')}</p></Note>}
            {Boolean(goOn.error) && <Note tone="warn" role="alert"><p>{errorSentence(t, goOn.error)}</p></Note>}
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={6} onRetry={reload} />)}
            {data && items.length === 0 && <div className="card"><Empty icon={ListChecks} sentence={t('retention.list.empty')} /></div>}
            {items.length > 0 && <Items items={items} onHold={PEOPLE.includes(kind) ? setHeld : null} />}
            {cursor && <div className="retention-row"><Button onPress={() => { goOn.run(cursor); }} isPending={goOn.pending}>{t('retention.list.more')}</Button></div>}
            {held && <HoldSheet person={held} onClose={() => { setHeld(null); }} onDone={() => { setHeld(null); setTold(true); }} />}
        </OfficePage>
    );
}

function Items({ items, onHold }: { items: RetentionItem[]; onHold: ((held: Held) => void) | null }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    return (
        <div className="card table-wrap">
            <table className="table cards">
                <thead><tr><th>{t('retention.item')}</th><th>{t('retention.since')}</th><th>{t('retention.state')}</th><th>{t('retention.why')}</th>{onHold && <th><span className="spoken">{t('retention.hold')}</span></th>}</tr></thead>
                <tbody>
                    {items.map((i) => {
                        const name = i.person?.name ?? t(`retention.item.${i.kind}`, { n: String(i.item) });
                        return (
                            <tr key={i.item}>
                                <th scope="row">{name}</th>
                                <td data-label={t('retention.since')} className="time">{fmt.dayMonthYear(i.since, me.tz)}</td>
                                <td data-label={t('retention.state')}>{t(`retention.state.${i.state}`)}</td>
                                <td data-label={t('retention.why')} className={i.holds.length ? 'wrap' : 'blank'}>{fmt.list(i.holds.map((h) => t(`retention.why.${h}`)))}</td>
                                {onHold && <td className={i.state === 'due' ? undefined : 'blank'}>{i.state === 'due' && <Button onPress={() => { onHold({ id: i.item, name }); }} aria-label={t('retention.hold_name', { name })}>{t('retention.hold')}</Button>}</td>}
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}
