// SPDX-License-Identifier: Apache-2.0
//
// A child's consents, each decided alone: for its guardian with "I agree" and "Take back", for the centre
// with a question, a signed paper and a withdrawal on the family's word. What a withdrawal changed is said
// at once, lesson by lesson.
import { Fragment, useEffect, useRef, useState } from 'react';
import { api, type Versioned } from '../../core/api.ts';
import type { Consent, ConsentKind, Consents as All } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { ConsentCard, type Wish } from './ConsentCard.tsx';
import { ConsentsFrame } from './ConsentsFrame.tsx';
import { LessonNames } from './LessonNames.tsx';
import { PaperSheet } from './PaperSheet.tsx';
import { WithdrawSheet } from './WithdrawSheet.tsx';
import './consents.css';

type Answered = 'given' | 'refused' | 'ask';
type Said = 'given' | 'refused' | 'asked' | 'withdrawn';

export default function Consents({ child }: { child: number }) {
    const { t } = useI18n();
    const family = useMe().role === 'guardian';
    const { data, error, reload, set } = useLoad(`consents ${child}`, (signal) => api.consents(child, signal));
    const [sheet, setSheet] = useState<{ kind: ConsentKind; wish: 'withdraw' | 'paper' } | null>(null);
    const [said, setSaid] = useState<{ what: Said; kind: ConsentKind } | null>(null);
    const done = (what: Said, kind: ConsentKind) => (after: Versioned<All>) => { set(after); setSaid({ what, kind }); setSheet(null); };
    const answer = useAction((key, c: Consent, wish: Answered) => (wish === 'ask' ? api.askConsent(child, c.kind, key)
        : api.answerConsent(child, data?.etag ?? '', { kind: c.kind, answer: wish, words: c.words }, key)).then((after) => ({ after, wish, kind: c.kind })),
    ({ after, wish, kind }) => { done(wish === 'ask' ? 'asked' : wish, kind)(after); });
    const wished = (c: Consent) => (wish: Wish) => {
        setSaid(null);
        answer.clear();
        if (wish === 'withdraw' || wish === 'paper') setSheet({ kind: c.kind, wish });
        else answer.run(c, wish);
    };
    const all = data?.value;
    const chosen = all?.consents.find((c) => c.kind === sheet?.kind);
    const first = family ? all?.consents.find((c) => c.state === 'asked')?.kind : undefined;
    return (
        <ConsentsFrame child={child} name={all?.child.given}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={4} onRetry={reload} />)}
            {all && <p className="quiet">{t(family ? 'consents.intro' : 'consents.intro_office')}</p>}
            {answer.error !== null && <Failed sentence={errorSentence(t, answer.error)} onRetry={() => { answer.clear(); reload(); }} />}
            {all?.consents.map((c) => (
                <Fragment key={c.kind}>
                    {said?.kind === c.kind && <Outcome said={said.what} all={all} />}
                    <ConsentCard consent={c} tz={all.tz} first={c.kind === first} pending={answer.pending} onWish={wished(c)} />
                </Fragment>
            ))}
            {all && chosen && sheet?.wish === 'withdraw' && <WithdrawSheet consent={chosen} of={all} etag={data.etag} onClose={() => { setSheet(null); }} onDone={done('withdrawn', chosen.kind)} />}
            {all && chosen && sheet?.wish === 'paper' && <PaperSheet consent={chosen} of={all} onClose={() => { setSheet(null); }} onDone={done('given', chosen.kind)} />}
        </ConsentsFrame>
    );
}

function Outcome({ said, all }: { said: Said; all: All }) {
    const { t } = useI18n();
    const changed = all.changed ?? [];
    const note = useRef<HTMLDivElement>(null);
    useEffect(() => { note.current?.scrollIntoView({ block: 'center' }); }, [said]);
    if (said !== 'withdrawn') return <Note tone="ok" role="status" focusRef={note}><p>{t(`consents.saved_${said}`)}</p></Note>;
    return <Note tone="ok" role="status" focusRef={note}><p>{t('consents.done', { n: changed.length })}</p><LessonNames lessons={changed} tz={all.tz} /></Note>;
}
