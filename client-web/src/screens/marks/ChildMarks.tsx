// SPDX-License-Identifier: Apache-2.0
//
// The marks of a child over a year, to read: for the child and its family a page of their own, for
// mentors and the centre in the office.
import type { ReactNode } from 'react';
import { Award } from 'lucide-react';
import { api } from '../../core/api.ts';
import type { SubjectMarks } from '../../core/api.gen.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { errorSentence } from '../../i18n/errors.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { SubjectTile } from '../../ui/SubjectTile.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import { SettingsButton } from '../settings/SettingsButton.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';
import { useMarkWords } from './useMarkWords.ts';
import '../../ui/table.css';
import './marks.css';

export default function ChildMarks({ child }: { child: number }) {
    const { t } = useI18n();
    const me = useMe();
    const { data, error, reload } = useLoad(`marks ${child}`, (signal) => api.childMarks(child, signal));
    const own = me.role === 'child';
    const title = own ? t('marks.title_own') : data ? t('marks.title', { name: data.child.given }) : t('nav.marks');
    return (
        <Frame title={title} child={child}>
            {!data && (error ? <Failed sentence={errorSentence(t, error)} onRetry={reload} /> : <Loading rows={4} onRetry={reload} />)}
            {data && data.subjects.length === 0 && <div className="card"><Empty icon={Award} sentence={t('marks.empty')} /></div>}
            {data?.subjects.map((s) => <Subject key={s.subject} of={s} />)}
        </Frame>
    );
}

function Frame({ title, child, children }: { title: string; child: number; children: ReactNode }) {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    if (me.role !== 'child' && me.role !== 'guardian') {
        return <OfficePage title={title} crumb={<a {...link({ at: 'log', child, month: null })}>{t('nav.children')}</a>}>{children}</OfficePage>;
    }
    const back = me.role === 'child' ? link({ at: 'home' }) : link({ at: 'log', child, month: null });
    return (
        <FamilyPage title={title} lead={<SettingsButton animal={me.animal} />} end={<HelpButton call={{ place: me.role === 'child' ? 'home' : 'log' }} />}>
            {children}
            <div><LinkButton {...back}>{t('common.back')}</LinkButton></div>
        </FamilyPage>
    );
}

function Subject({ of: s }: { of: SubjectMarks }) {
    const { t, fmt } = useI18n();
    const words = useMarkWords();
    return (
        <section className="card marks-card" aria-labelledby={`marks-${s.subject}`}>
            <h2 id={`marks-${s.subject}`} className="marks-subject"><SubjectTile subject={s.subject} />{t(`subject.${s.subject}`)}</h2>
            {s.terms.length > 0 && (
                <>
                    <h3 className="small quiet">{t('marks.terms')}</h3>
                    <ul className="marks-list">
                        {s.terms.map((it) => <li key={`${it.kind} ${it.from}`}><strong className="marks-set">{words.mark(it.mark)}</strong><span>{words.term(it)}{it.reason && <span className="row-sub">{it.reason}</span>}</span></li>)}
                    </ul>
                </>
            )}
            {s.lessons.length > 0 && (
                <>
                    <h3 className="small quiet">{t('marks.lessons')}</h3>
                    <ul className="marks-list many">
                        {[...s.lessons].reverse().map((it) => <li key={it.lesson}><strong className="marks-set">{words.mark(it.mark)}</strong><span>{fmt.date(it.date)}</span></li>)}
                    </ul>
                </>
            )}
        </section>
    );
}
