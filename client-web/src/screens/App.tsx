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
const Reset = lazy(() => import('./accounts/Reset.tsx'));
const InvitePage = lazy(() => import('./accounts/InvitePage.tsx'));
const EnrolGate = lazy(() => import('./accounts/EnrolGate.tsx'));
const Security = lazy(() => import('./accounts/Security.tsx'));
const People = lazy(() => import('./accounts/People.tsx'));
const Outbox = lazy(() => import('./accounts/Outbox.tsx'));
const Webhooks = lazy(() => import('./webhooks/Webhooks.tsx'));
const HookLog = lazy(() => import('./webhooks/HookLog.tsx'));
const Retention = lazy(() => import('./retention/Retention.tsx'));
const RetentionList = lazy(() => import('./retention/RetentionList.tsx'));
const ChildHome = lazy(() => import('./child/ChildHome.tsx'));
const GuardianLog = lazy(() => import('./log/GuardianLog.tsx'));
const Sections = lazy(() => import('./sections/Sections.tsx'));
const SectionPage = lazy(() => import('./sections/SectionPage.tsx'));
const SectionNew = lazy(() => import('./sections/SectionNew.tsx'));
const Choices = lazy(() => import('./choices/Choices.tsx'));
const Consents = lazy(() => import('./consents/Consents.tsx'));
const MentorDay = lazy(() => import('./mentor/MentorDay.tsx'));
const Board = lazy(() => import('./board/Board.tsx'));
const Timetable = lazy(() => import('./timetable/Timetable.tsx'));
const Plan = lazy(() => import('./plan/Plan.tsx'));
const Week = lazy(() => import('./week/Week.tsx'));
const SeriesPage = lazy(() => import('./series/SeriesPage.tsx'));
const Draft = lazy(() => import('./week/Draft.tsx'));
const Events = lazy(() => import('./events/Events.tsx'));
const EventPage = lazy(() => import('./events/EventPage.tsx'));
const EventNew = lazy(() => import('./events/EventNew.tsx'));
const EventEdit = lazy(() => import('./events/EventEdit.tsx'));
const Reports = lazy(() => import('./reports/Reports.tsx'));
const ReportPage = lazy(() => import('./reports/ReportPage.tsx'));
const WellbeingPage = lazy(() => import('./reports/WellbeingPage.tsx'));
const Sheets = lazy(() => import('./marks/Sheets.tsx'));
const SheetPage = lazy(() => import('./marks/SheetPage.tsx'));
const ChildMarks = lazy(() => import('./marks/ChildMarks.tsx'));
const TimesheetPage = lazy(() => import('./reports/TimesheetPage.tsx'));
const FiguresPage = lazy(() => import('./figures/FiguresPage.tsx'));
const FigureRows = lazy(() => import('./figures/FigureRows.tsx'));
const Needs = lazy(() => import('./intake/Needs.tsx'));
const Referrals = lazy(() => import('./intake/Referrals.tsx'));
const ReferralNew = lazy(() => import('./intake/ReferralNew.tsx'));
const ReferralPage = lazy(() => import('./intake/ReferralPage.tsx'));
const Intake = lazy(() => import('./intake/Intake.tsx'));
const ChildRegister = lazy(() => import('./intake/ChildRegister.tsx'));
const CasePage = lazy(() => import('./intake/CasePage.tsx'));
const Import = lazy(() => import('./import/Import.tsx'));
const Children = lazy(() => import('./reports/Children.tsx'));
const Programmes = lazy(() => import('./programme/Programmes.tsx'));
const ProgrammePage = lazy(() => import('./programme/ProgrammePage.tsx'));
const Candidates = lazy(() => import('./programme/Candidates.tsx'));
const Hours = lazy(() => import('./programme/Hours.tsx'));
const Calendar = lazy(() => import('./calendars/Calendar.tsx'));
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
const CHOOSES: readonly string[] = ['child', 'guardian', 'coordinator'];
const HIRES: readonly string[] = [...OFFICE, 'school_officer'];
const READS_REPORTS: readonly string[] = [...OFFICE, 'mentor', 'school_officer'];
const MARKS: readonly string[] = ['coordinator', 'mentor', 'school_officer'];
const HAS_HOURS: readonly string[] = ['coordinator', 'mentor'];
const HAS_FIGURES: readonly string[] = ['coordinator', 'mentor', 'school_officer'];
const REFERS: readonly string[] = ['coordinator', 'school_officer'];

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
        case 'security': return me.role === 'child' || me.role === 'guardian' ? home : <Security />;
        case 'people': return OFFICE.includes(me.role) ? <People /> : home;
        case 'outbox': return OFFICE.includes(me.role) ? <Outbox /> : home;
        case 'webhooks': return me.role === 'admin' ? <Webhooks /> : home;
        case 'webhook': return me.role === 'admin' ? <HookLog id={route.id} key={route.id} /> : home;
        case 'retention': return OFFICE.includes(me.role) ? <Retention /> : home;
        case 'retention_list': return OFFICE.includes(me.role) ? <RetentionList run={route.run} kind={route.kind} key={`${route.run} ${route.kind}`} /> : home;
        case 'mentors': return HIRES.includes(me.role) ? <Mentors /> : me.role === 'mentor' ? <MentorFile id={me.id} /> : home;
        case 'mentor': return HIRES.includes(me.role) || me.id === route.id ? <MentorFile id={route.id} key={route.id} /> : home;
        case 'can_teach': return OFFICE.includes(me.role) || me.id === route.mentor ? <CanTeach mentor={route.mentor} child={route.child} key={route.mentor} /> : home;
        case 'ready': return <Ready lesson={route.lesson} />;
        case 'timetable': return OFFICE.includes(me.role) ? <Timetable date={route.date} /> : home;
        case 'plan': return me.role === 'coordinator' ? <Plan week={route.week} /> : home;
        case 'week': return me.role === 'child' || me.role === 'admin' ? home : <Week of={route.of} date={route.date} key={route.of} />;
        case 'series': return me.role === 'coordinator' ? <SeriesPage of={route.of} key={route.of} /> : home;
        case 'draft': return me.role === 'coordinator' ? <Draft id={route.id} key={route.id} /> : home;
        case 'events': return me.role === 'admin' ? home : <Events />;
        case 'event': return me.role === 'admin' ? home : <EventPage id={route.id} key={route.id} />;
        case 'event_new': return me.role === 'coordinator' ? <EventNew /> : home;
        case 'event_edit': return me.role === 'coordinator' ? <EventEdit id={route.id} key={route.id} /> : home;
        case 'reports': return READS_REPORTS.includes(me.role) ? <Reports month={route.month} /> : home;
        case 'report': return READS_REPORTS.includes(me.role) ? <ReportPage id={route.id} /> : home;
        case 'wellbeing': return HAS_HOURS.includes(me.role) ? <WellbeingPage id={route.id} /> : home;
        case 'sheets': return MARKS.includes(me.role) ? <Sheets /> : home;
        case 'sheet': return MARKS.includes(me.role) ? <SheetPage id={route.id} key={route.id} /> : home;
        case 'marks': return me.role === 'admin' || me.role === 'school_officer' ? home : <ChildMarks child={route.child} key={route.child} />;
        case 'figures': return HAS_FIGURES.includes(me.role) ? <FiguresPage ask={route.ask} /> : home;
        case 'figure_rows': return HAS_FIGURES.includes(me.role) ? <FigureRows figure={route.figure} ask={route.ask} /> : home;
        case 'timesheet': return HAS_HOURS.includes(me.role) ? <TimesheetPage month={route.month} /> : home;
        case 'needs': return REFERS.includes(me.role) ? <Needs month={route.month} /> : home;
        case 'referrals': return REFERS.includes(me.role) ? <Referrals /> : home;
        case 'referral_new': return me.role === 'school_officer' ? <ReferralNew /> : home;
        case 'referral': return REFERS.includes(me.role) ? <ReferralPage id={route.id} key={route.id} /> : home;
        case 'intake': return me.role === 'coordinator' ? <Intake /> : home;
        case 'register': return me.role === 'coordinator' ? <ChildRegister /> : home;
        case 'case': return REFERS.includes(me.role) ? <CasePage child={route.child} key={route.child} /> : home;
        case 'import': return me.role === 'coordinator' ? <Import /> : home;
        case 'children': return me.role === 'child' ? home : <Children />;
        case 'programmes': return READS_REPORTS.includes(me.role) ? <Programmes /> : home;
        case 'programme': return me.role === 'child' ? home : <ProgrammePage child={route.child} key={route.child} />;
        case 'candidates': return me.role === 'coordinator' ? <Candidates child={route.child} key={route.child} /> : home;
        case 'hours': return me.role === 'child' ? home : <Hours of={route.of} id={route.id} key={`${route.of} ${route.id}`} />;
        case 'calendar': return REFERS.includes(me.role) ? <Calendar school={route.school} /> : home;
        case 'log': return me.role === 'child' || me.role === 'school_officer' ? home
            : <GuardianLog child={route.child} month={route.month} />;
        case 'sections': return CHOOSES.includes(me.role) ? <Sections /> : home;
        case 'section': return CHOOSES.includes(me.role) ? <SectionPage id={route.id} key={route.id} /> : home;
        case 'section_new': return me.role === 'coordinator' ? <SectionNew /> : home;
        case 'choices': return CHOOSES.includes(me.role) ? <Choices child={route.child} key={route.child} /> : home;
        case 'consents': return me.role === 'guardian' || me.role === 'coordinator' ? <Consents child={route.child} /> : home;
        default: return home;
    }
}

function Gate() {
    const route = useRoute();
    const { t } = useI18n();
    const { me, unreachable, retry } = useSession();
    if (route.at === 'link') return <LinkSignIn token={route.token} />;
    if (route.at === 'reset') return <Reset token={route.token} />;
    if (route.at === 'invite') return <InvitePage token={route.token} />;
    if (me && OFFICE.includes(me.role)) return <EnrolGate><Screen me={me} /></EnrolGate>;
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
