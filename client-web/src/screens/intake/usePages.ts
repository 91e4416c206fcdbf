// SPDX-License-Identifier: Apache-2.0
//
// A list that comes in pages: the first by itself, the others when asked for.
import { useState } from 'react';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';

interface Page<V> { items: V[]; next: string | null }

export function usePages<V>(key: string, ask: (cursor: string | undefined, signal?: AbortSignal) => Promise<Page<V>>) {
    const first = useLoad(key, (signal) => ask(undefined, signal));
    const [rest, setRest] = useState<(Page<V> & { key: string }) | null>(null);
    const more = rest?.key === key ? rest : null;
    const next = more ? more.next : (first.data?.next ?? null);
    const action = useAction(() => ask(next ?? undefined), (page: Page<V>) => {
        setRest({ key, items: [...(more?.items ?? []), ...page.items], next: page.next });
    });
    const reload = () => { setRest(null); first.reload(); };
    return {
        loaded: first.data !== null, items: [...(first.data?.items ?? []), ...(more?.items ?? [])], error: first.error, reload,
        more: next ? { run: () => { action.run(); }, pending: action.pending, error: action.error } : null,
    };
}
