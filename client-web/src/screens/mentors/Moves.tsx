// SPDX-License-Identifier: Apache-2.0
//
// Children who have moved to another school and whose mentors are not hired there yet (item 26). A row goes by
// itself when all is mended.
import { useState } from 'react';
import { School as SchoolIcon } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { ChildMove } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { MoveSheet } from './MoveSheet.tsx';
import { useHiringWords } from './useHiringWords.ts';
import '../../ui/table.css';

function Row({ move: m }: { move: ChildMove }) {
    const { t } = useI18n();
    const me = useMe();
    const { dayOf } = useHiringWords();
    const link = useLink();
    return (
        <li className="paper">
            <div className="paper-what">
                <p className="strong">{m.child.name}</p>
                <p className="quiet small">{t('hiring.moved', { from: m.from.name, to: m.to.name, day: dayOf(m.at, me.centre.tz) })}</p>
                {m.lessons > 0 && <p className="small">{t('hiring.moved_lessons', { n: m.lessons })}</p>}
                <ul className="row-schools">{m.mentors.map((x) => (
                    <li key={x.mentor.id}><a className="row-link" {...link({ at: 'can_teach', mentor: x.mentor.id, child: m.child.id })}>{t('hiring.not_hired', { name: x.mentor.name })}</a></li>
                ))}</ul>
            </div>
        </li>
    );
}

export function Moves() {
    const { t } = useI18n();
    const { data, error, reload } = useLoad('child-moves', (signal) => api.childMoves(signal));
    const [moving, setMoving] = useState(false);
    if (!data) return error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : null;
    return (
        <section className="card" aria-labelledby="child-moves">
            <div className="panel-head">
                <h2 id="child-moves">{t('hiring.moves', { n: data.items.length })}</h2>
                <Button icon={SchoolIcon} onPress={() => { setMoving(true); }}>{t('hiring.move_child')}</Button>
            </div>
            {data.items.length > 0 && <ul className="paper-list">{data.items.map((m) => <Row key={m.id} move={m} />)}</ul>}
            {moving && <MoveSheet schools={data.schools} onClose={() => { setMoving(false); }} onMoved={() => { setMoving(false); reload(); }} />}
        </section>
    );
}
