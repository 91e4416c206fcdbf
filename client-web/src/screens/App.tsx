// SPDX-License-Identifier: Apache-2.0
//
// Who sees which screen. Each screen is loaded when it is first needed, so that a child's page does
// not carry the office.
import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react';
import { LanguageProvider, useI18n } from '../i18n/index.tsx';
import { RouteProvider, useRoute } from '../hooks/useRoute.tsx';
import { SessionProvider, useSession } from '../hooks/useSession.tsx';
import type { Me } from '../core/api.gen.ts';
import { Failed } from '../ui/Failed.tsx';
import { Loading } from '../ui/Loading.tsx';
import { FamilyPage } from './shell/FamilyPage.tsx';

const SignIn = lazy(() => import('./signin/SignIn.tsx'));
const AdultSignIn = lazy(() => import('./signin/AdultSignIn.tsx'));
const LinkSignIn = lazy(() => import('./signin/LinkSignIn.tsx'));
const ChildHome = lazy(() => import('./child/ChildHome.tsx'));
const GuardianLog = lazy(() => import('./log/GuardianLog.tsx'));
const MentorDay = lazy(() => import('./mentor/MentorDay.tsx'));
const Board = lazy(() => import('./board/Board.tsx'));
const Timetable = lazy(() => import('./timetable/Timetable.tsx'));
const Reports = lazy(() => import('./reports/Reports.tsx'));
const ReportPage = lazy(() => import('./reports/ReportPage.tsx'));
const Import = lazy(() => import('./import/Import.tsx'));
const Children = lazy(() => import('./reports/Children.tsx'));
const Mentors = lazy(() => import('./mentors/Mentors.tsx'));
const MentorFile = lazy(() => import('./mentors/MentorFile.tsx'));
const CanTeach = lazy(() => import('./mentors/CanTeach.tsx'));
const LazyRoom = lazy(() => import('./room/Room.tsx'));
type RoomScreen = ComponentType<{ lesson: number }>;
let roomAtHand: RoomScreen | null = null;
const Ready = lazy(() => import('./ready/Ready.tsx'));

function Home({ me }: { me: Me }) {
    switch (me.role) {
        case 'child': return <ChildHome />;
        case 'guardian': return me.children[0] ? <GuardianLog child={me.children[0].id} month={null} /> : <Children />;
        case 'mentor': return <MentorDay />;
        case 'school_officer': return <Reports month={null} />;
        default: return <Board />;
    }
}

const ROOM_AFTER_MS = 300;
const OFFICE: readonly string[] = ['coordinator', 'admin'];
const HIRES: readonly string[] = [...OFFICE, 'school_officer'];
const READS_REPORTS: readonly string[] = [...OFFICE, 'mentor', 'school_officer'];

/** Who has lessons gets the room's code while the home page stands idle, so that the door opens at once. */
function useRoomAtHand(me: Me): void {
    const { role } = me;
    useEffect(() => {
        if (role !== 'child' && role !== 'mentor') return;
        const timer = setTimeout(() => {
            import('./room/Room.tsx').then((m) => { roomAtHand = m.default; }, () => undefined); // it is asked for again when needed
        }, ROOM_AFTER_MS);
        return () => { clearTimeout(timer); };
    }, [role]);
}

/** A lazy screen shows itself 300 ms late at the least (React waits that long after an empty page). */
function Room({ lesson }: { lesson: number }) {
    const [Screen] = useState<RoomScreen>(() => roomAtHand ?? LazyRoom);
    return <Screen lesson={lesson} />;
}

function Screen({ me }: { me: Me }) {
    useRoomAtHand(me);
    const route = useRoute();
    const home = <Home me={me} />;
    switch (route.at) {
        case 'lesson': return <Room lesson={route.id} key={route.id} />;
        case 'mentors': return HIRES.includes(me.role) ? <Mentors /> : me.role === 'mentor' ? <MentorFile id={me.id} /> : home;
        case 'mentor': return HIRES.includes(me.role) || me.id === route.id ? <MentorFile id={route.id} key={route.id} /> : home;
        case 'can_teach': return OFFICE.includes(me.role) || me.id === route.mentor ? <CanTeach mentor={route.mentor} child={route.child} key={route.mentor} /> : home;
        case 'ready': return <Ready lesson={route.lesson} />;
        case 'timetable': return OFFICE.includes(me.role) ? <Timetable date={route.date} /> : home;
        case 'reports': return READS_REPORTS.includes(me.role) ? <Reports month={route.month} /> : home;
        case 'report': return READS_REPORTS.includes(me.role) ? <ReportPage id={route.id} /> : home;
        case 'import': return me.role === 'coordinator' ? <Import /> : home;
        case 'children': return me.role === 'child' ? home : <Children />;
        case 'log': return me.role === 'child' || me.role === 'school_officer' ? home
            : <GuardianLog child={route.child} month={route.month} />;
        default: return home;
    }
}

function Gate() {
    const route = useRoute();
    const { t } = useI18n();
    const { me, unreachable, retry } = useSession();
    if (route.at === 'link') return <LinkSignIn token={route.token} />;
    if (me) return <Screen me={me} />;
    if (me === null) return route.at === 'adult' ? <AdultSignIn /> : <SignIn />;
    return (
        <FamilyPage title={t('app.name')} narrow>
            {unreachable ? <Failed sentence={t('error.offline', { who: 'adult' })} onRetry={retry} /> : <Loading onRetry={retry} />}
        </FamilyPage>
    );
}

export function App() {
    return (
        <LanguageProvider>
            <RouteProvider>
                <SessionProvider><Suspense fallback={<main aria-busy="true" />}><Gate /></Suspense></SessionProvider>
            </RouteProvider>
        </LanguageProvider>
    );
}
