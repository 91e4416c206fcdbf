// SPDX-License-Identifier: Apache-2.0
//
// A child's sections: what it wishes, has or waits for, what is missing for each, and which lesson is in
// the way. The child chooses, the guardian confirms, the centre looks on.
import { useState } from 'react';
import { Shapes } from 'lucide-react';
import { api, type Versioned } from '../../core/api.ts';
import type { Choice } from '../../core/api.gen.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Note } from '../../ui/Note.tsx';
import { SectionsFrame } from '../sections/SectionsFrame.tsx';
import { ChoiceCard } from './ChoiceCard.tsx';
import { ChooseSheet } from './ChooseSheet.tsx';

export default function Choices({ child }: { child: number }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const { data, error, reload, set } = useLoad(`choice ${child}`, (signal) => api.choice(child, signal));
    const [choosing, setChoosing] = useState(false);
    const [said, setSaid] = useState<'choices.saved' | 'choices.confirmed' | null>(null);
    const done = (what: typeof said) => (after: Versioned<Choice>) => { set(after); setSaid(what); setChoosing(false); };
    const confirm = useAction((key) => api.confirmChoice(child, data?.etag ?? '', key), done('choices.confirmed'));
    const all = data?.value;
    const wishes = all?.choices.some((k) => k.state === 'wished') ?? false;
    const family = me.role === 'guardian';
    return (
        <SectionsFrame title={me.role === 'child' || !all ? t('choices.title') : t('choices.title_of', { name: all.child.given })}
            back={me.role === 'child' ? null : { at: 'log', child, month: null }} backName={all ? t('log.title', { name: all.child.given }) : ''}>
            {!all && (error ? <Failed sentence={errorSentence(t, error, me.role)} onRetry={reload} /> : <Loading rows={3} onRetry={reload} />)}
            {all && <p className="quiet">{me.role === 'child' ? t('choices.how_child') : t('choices.how', { least: all.least, most: all.most })}</p>}
            {said && <Note tone="ok" role="status"><p>{t(said)}</p></Note>}
            {confirm.error !== null && <Failed sentence={errorSentence(t, confirm.error, me.role)} onRetry={() => { confirm.clear(); reload(); }} />}
            {all?.choices.length === 0 && <div className="card"><Empty icon={Shapes} sentence={t('choices.empty')} /></div>}
            {all && wishes && all.count_fault && <Note tone="warn"><p>{t(`choices.fault.${all.count_fault}`)}</p></Note>}
            {all?.choices.map((k) => <ChoiceCard key={k.id} item={k} tz={all.tz} onDone={done(null)} />)}
            {all && (
                <div className="choice-doings">
                    {family && wishes && <Button look="main" isPending={confirm.pending} onPress={() => { setSaid(null); confirm.run(); }}>{t('choices.confirm')}</Button>}
                    {me.role !== 'coordinator' && <Button look={wishes ? 'plain' : 'soft'} onPress={() => { setSaid(null); setChoosing(true); }}>{t('choices.add')}</Button>}
                    <LinkButton look="link" {...link({ at: 'sections' })}>{t('sections.title')}</LinkButton>
                </div>
            )}
            {all && choosing && <ChooseSheet all={all} etag={data.etag} onClose={() => { setChoosing(false); }} onDone={done('choices.saved')} />}
        </SectionsFrame>
    );
}
