// SPDX-License-Identifier: Apache-2.0
//
// The HTTP API as typed functions, one for each thing that a screen asks or does.
import type * as T from './api.gen.ts';
import { eventsApi } from './eventsApi.ts';
import { askQuery, type FiguresAsk } from './figures.ts';
import { BASE, at, json, query, send, upload, versioned } from './http.ts';

export { changeKey, Offline, Refused, type Versioned } from './http.ts';

export type ReportMove = 'submit' | 'return' | 'accept' | 'correct' | 'acknowledge';

const POST = 'POST' as const;
type Signal = AbortSignal | undefined;

/** What an If-Match names of a row that carries its version. */
export interface Revision { id: number; version: number }
const versionTag = (version: number): string => `"v${version}"`;
const moveReferral = (r: Revision, move: string, key: string, body?: unknown) =>
    json<T.Referral>(`/referrals/${r.id}/${move}`, { method: POST, etag: versionTag(r.version), key, ...(body === undefined ? {} : { body }) });

export const api = {
    centre: (signal?: Signal) => json<T.PublicCentre>('/centre', at(signal)),
    session: (signal?: Signal) => json<T.Me>('/session', at(signal)),
    signIn: (body: T.SignIn) => json<T.Me>('/session', { method: POST, body }),
    signOut: async () => void (await send('/session', { method: 'DELETE' })),
    patchMe: (body: T.MePatch) => json<T.Me>('/me', { method: 'PATCH', body }),
    day: (date?: string, signal?: Signal) => json<T.Day>(query('/me/day', { date }), at(signal)),
    notToday: (body: T.NotToday) => json<T.Told>('/me/not-today', { method: POST, body }),
    ready: (body: T.ReadyCheck) => json<T.Told>('/me/ready', { method: POST, body }),
    pathTest: (body: T.PathFigures) => json<T.PathTest>('/me/path-tests', { method: POST, body }),
    pathTests: (signal?: Signal) => json<T.PathTests>('/path-tests', at(signal)),
    help: (body: T.HelpCall) => json<T.Told>('/me/help', { method: POST, body }),

    lesson: (id: number, signal?: Signal) => versioned<T.LessonFull>(`/lessons/${id}`, at(signal)),
    createLesson: (body: T.LessonNew, key: string) => versioned<T.LessonFull>('/lessons', { method: POST, body, key }),
    moveLesson: (id: number, etag: string, body: T.LessonMove, key: string) =>
        versioned<T.LessonFull>(`/lessons/${id}/move`, { method: POST, body, etag, key }),
    cancelLesson: (id: number, etag: string, body: T.LessonCancel, key: string) =>
        versioned<T.LessonFull>(`/lessons/${id}/cancel`, { method: POST, body, etag, key }),
    substitute: (id: number, etag: string, body: T.LessonSubstitute, key: string) =>
        versioned<T.LessonFull>(`/lessons/${id}/substitute`, { method: POST, body, etag, key }),
    putNote: (id: number, body: T.NoteEdit) => json<T.Note>(`/lessons/${id}/note`, { method: 'PUT', body }),

    attendance: (id: number, signal?: Signal) => json<T.Attendance>(`/lessons/${id}/attendance`, at(signal)),
    amend: (id: number, body: T.AmendmentNew, key: string) =>
        json<T.Attendance>(`/lessons/${id}/attendance/amendments`, { method: POST, body, key }),
    noShow: (id: number, signal?: Signal) => versioned<T.NoShow>(`/lessons/${id}/no-show`, at(signal)),
    makeUp: (id: number, etag: string, body: T.MakeUpNew, key: string) => versioned<T.LessonFull>(`/lessons/${id}/make-up`, { method: POST, body, etag, key }),
    confirm: (id: number, body: T.ConfirmationNew) =>
        json<T.Confirmation>(`/lessons/${id}/confirmation`, { method: POST, body }),
    childLog: (child: number, month?: string, signal?: Signal) =>
        json<T.ChildLog>(query(`/children/${child}/log`, { month }), at(signal)),
    confirmMany: (child: number, lessons: number[]) =>
        json<T.Confirmed>(`/children/${child}/confirmations`, { method: POST, body: { lessons } }),

    consents: (child: number, signal?: Signal) => versioned<T.Consents>(`/children/${child}/consents`, at(signal)),
    answerConsent: (child: number, etag: string, body: T.ConsentAnswer, key: string) =>
        versioned<T.Consents>(`/children/${child}/consents`, { method: POST, body, etag, key }),
    askConsent: (child: number, kind: T.ConsentKind, key: string) =>
        versioned<T.Consents>(`/children/${child}/consents/ask`, { method: POST, body: { kind }, key }),
    enterConsent: (child: number, params: { kind: T.ConsentKind; guardian: number; words: number; signed: string }, file: Blob, key: string) =>
        versioned<T.Consents>(query(`/children/${child}/consents/paper`, params), { method: POST, file, key }),
    consentPaper: (paper: number) => `${BASE}/consent-papers/${paper}/file`,

    sections: (want: { kind?: T.SectionKind | undefined; age?: number | undefined; online?: 'yes' | undefined }, signal?: Signal) => json<T.Sections>(query('/sections', want), at(signal)),
    section: (id: number, signal?: Signal) => versioned<T.Section>(`/sections/${id}`, at(signal)),
    openSection: (id: number, open: boolean, etag: string, key: string) =>
        versioned<T.Section>(`/sections/${id}/${open ? 'open' : 'close'}`, { method: POST, etag, key }),
    providers: (signal?: Signal) => json<T.Providers>('/providers', at(signal)),
    createProvider: (body: T.ProviderNew, key: string) => json<T.Provider>('/providers', { method: POST, body, key }),
    createSection: (body: T.SectionNew, key: string) => versioned<T.Section>('/sections', { method: POST, body, key }),
    visits: (section: number, signal?: Signal) => json<T.Visits>(`/sections/${section}/visits`, at(signal)),
    createVisit: (section: number, body: T.VisitNew, key: string) => json<T.Visit>(`/sections/${section}/visits`, { method: POST, body, key }),
    signVisit: (visit: number, child: number, key: string) => json<T.Visit>(`/section-visits/${visit}/sign`, { method: POST, body: { child }, key }),
    recordVisit: (visit: number, body: T.VisitAttendance, key: string) => json<T.Visit>(`/section-visits/${visit}/attendance`, { method: POST, body, key }),
    choice: (child: number, signal?: Signal) => versioned<T.Choice>(`/children/${child}/choice`, at(signal)),
    wish: (child: number, etag: string, groups: number[]) => versioned<T.Choice>(`/children/${child}/choice`, { method: 'PUT', body: { groups }, etag }),
    confirmChoice: (child: number, etag: string, key: string) => versioned<T.Choice>(`/children/${child}/choice/confirm`, { method: POST, etag, key }),
    acceptPlace: (choice: number, key: string) => versioned<T.Choice>(`/choices/${choice}/accept`, { method: POST, key }),
    leaveSection: (choice: number, reason: string, key: string) => versioned<T.Choice>(`/choices/${choice}/leave`, { method: POST, body: { reason }, key }),
    changeGroup: (choice: number, group: number, key: string) => versioned<T.Choice>(`/choices/${choice}/group`, { method: POST, body: { group }, key }),
    sectionClashes: (signal?: Signal) => json<T.SectionClashes>('/section-clashes', at(signal)),

    board: (signal?: Signal) => json<T.Board>('/board', at(signal)),
    timetable: (date?: string, signal?: Signal) => json<T.Timetable>(query('/timetable', { date }), at(signal)),

    plans: (week: string, signal?: Signal) => json<T.Plans>(query('/plans', { week }), at(signal)),
    plan: (id: number, signal?: Signal) => json<T.Plan>(`/plans/${id}`, at(signal)),
    askPlan: (body: T.PlanNew, key: string) => json<T.Plan>('/plans', { method: POST, body, key }),
    stopPlan: (id: number, key: string) => json<T.Plan>(`/plans/${id}/stop`, { method: POST, body: {}, key }),
    week: (of: string, date?: string, signal?: Signal) => json<T.Week>(query('/week', { of, date }), at(signal)),
    weekFile: (of: string, date?: string) => BASE + query('/week.pdf', { of, date }),
    versions: (signal?: Signal) => json<T.ScheduleVersionPage>('/schedule-versions?limit=20', at(signal)),
    newDraft: (key: string) => json<T.ScheduleVersion>('/schedule-versions', { method: POST, body: {}, key }),
    planned: (version: number, cursor?: string, signal?: Signal) =>
        json<T.PlannedLessonPage>(query(`/schedule-versions/${version}/lessons`, { cursor }), at(signal)),
    diff: (version: number, signal?: Signal) => json<T.ScheduleDiff>(`/schedule-versions/${version}/diff`, at(signal)),
    planLesson: (version: number, body: T.LessonNew, key: string) =>
        versioned<T.LessonFull>(`/schedule-versions/${version}/lessons`, { method: POST, body, key }),
    planMove: (version: number, etag: string, body: T.PlanMove, key: string) =>
        versioned<T.LessonFull>(`/schedule-versions/${version}/moves`, { method: POST, body, etag, key }),
    planDrop: (version: number, etag: string, lesson: number, key: string) =>
        json<T.ScheduleVersion>(`/schedule-versions/${version}/drops`, { method: POST, body: { lesson }, etag, key }),
    planStay: (version: number, lesson: number, key: string) =>
        json<T.ScheduleVersion>(`/schedule-versions/${version}/stays`, { method: POST, body: { lesson }, key }),
    replan: (id: number, etag: string, body: T.Replan) => versioned<T.LessonFull>(`/planned-lessons/${id}`, { method: 'PUT', body, etag }),
    leaveOut: (id: number, etag: string) => json<T.ScheduleVersion>(`/planned-lessons/${id}`, { method: 'DELETE', etag }),
    validate: (version: number) => json<T.ScheduleJudgement>(`/schedule-versions/${version}/validate`, { method: POST, body: {} }),
    publish: (version: number, body: T.SchedulePublish, key: string) =>
        json<T.ScheduleJudgement>(`/schedule-versions/${version}/publish`, { method: POST, body, key }),
    feed: (signal?: Signal) => json<T.Feed>('/me/feed', at(signal)),
    newFeed: () => json<T.Feed>('/me/feed', { method: POST, body: {} }),
    endFeed: () => json<T.Feed>('/me/feed', { method: 'DELETE' }),

    ...eventsApi,

    reports: (month?: string, cursor?: string, signal?: Signal) =>
        json<T.ReportPage>(query('/reports', { month, cursor, limit: 100 }), at(signal)),
    report: (id: string, signal?: Signal) => json<T.Report>(`/reports/${id}`, at(signal)),
    reportFile: (id: string, kind: 'csv' | 'pdf' | 'xlsx', version?: number) => query(`${BASE}/reports/${id}.${kind}`, { version }),
    reportMove: (id: string, rev: number, move: ReportMove, note?: string) =>
        json<T.Report>(`/reports/${id}/${move}`, { method: POST, etag: `"v${rev}"`, ...(note === undefined ? {} : { body: { note } }) }),
    writeReport: (id: string, rev: number, body: T.ReportTextsEdit) =>
        json<T.Report>(`/reports/${id}/texts`, { method: 'PUT', etag: `"v${rev}"`, body }),
    openReport: (id: string) => json<T.Report>(`/reports/${id}/open`, { method: POST }),
    acknowledgeReports: (reports: string[], key: string) => json<T.Acknowledged>('/report-acknowledgements', { method: POST, body: { reports }, key }),
    deliveries: (signal?: Signal) => json<T.DeliveryPage>(query('/deliveries', { limit: 100 }), at(signal)),
    wellbeing: (id: string, signal?: Signal) => versioned<T.Wellbeing>(`/reports/${id}/wellbeing`, { method: POST, ...at(signal) }),
    putWellbeing: (id: string, etag: string, body: T.WellbeingEdit) => versioned<T.Wellbeing>(`/reports/${id}/wellbeing`, { method: 'PUT', etag, body }),
    markChanges: (lesson: number, signal?: Signal) => json<T.MarkChanges>(`/lessons/${lesson}/mark-changes`, at(signal)),
    childMarks: (child: number, signal?: Signal) => json<T.ChildMarks>(`/children/${child}/marks`, at(signal)),
    sheets: (cursor?: string, signal?: Signal) => json<T.SheetPage>(query('/mark-sheets', { cursor }), at(signal)),
    sheet: (id: string, signal?: Signal) => json<T.MarkSheet>(`/mark-sheets/${id}`, at(signal)),
    sheetFile: (id: string, kind: 'csv' | 'pdf' | 'xlsx', version?: number) => query(`${BASE}/mark-sheets/${id}.${kind}`, { version }),
    sheetMove: (id: string, rev: number, move: ReportMove, note?: string) =>
        json<T.MarkSheet>(`/mark-sheets/${id}/${move}`, { method: POST, etag: `"v${rev}"`, ...(note === undefined ? {} : { body: { note } }) }),
    setMarks: (id: string, rev: number, body: T.SheetMarksEdit) =>
        json<T.MarkSheet>(`/mark-sheets/${id}/marks`, { method: 'PUT', etag: `"v${rev}"`, body }),
    openSheet: (id: string) => json<T.MarkSheet>(`/mark-sheets/${id}/open`, { method: POST }),
    acknowledgeSheets: (sheets: string[], key: string) => json<T.Acknowledged>('/mark-sheet-acknowledgements', { method: POST, body: { sheets }, key }),
    sheetDeliveries: (signal?: Signal) => json<T.SheetDeliveryPage>(query('/mark-sheet-deliveries', { limit: 100 }), at(signal)),
    timesheet: (month?: string, signal?: Signal) => json<T.Timesheet>(query('/timesheet', { month }), at(signal)),
    timesheetFile: (kind: 'csv' | 'xlsx', month: string, view: 'days' | 'quarters') => query(`${BASE}/timesheet.${kind}`, { month, view }),
    figures: (ask: FiguresAsk, signal?: Signal) => json<T.FiguresTable>(`/figures${askQuery(ask)}`, at(signal)),
    figuresFile: (ask: FiguresAsk) => `${BASE}/figures.csv${askQuery(ask)}`,
    figureRows: (figure: T.FigureName, ask: FiguresAsk, cursor?: string, signal?: Signal) =>
        json<T.FiguresRowPage>(`/figures/rows${askQuery({ ...ask, by: undefined }, { figure, ...(cursor ? { cursor } : {}) })}`, at(signal)),
    archives: (month: string, signal?: Signal) => json<T.ReportArchiveList>(query('/report-archives', { month }), at(signal)),
    makeArchive: (month: string, key: string) => json<T.ReportArchive>('/report-archives', { method: POST, body: { month }, key }),
    stopArchive: (id: number, key: string) => json<T.ReportArchive>(`/report-archives/${id}/stop`, { method: POST, body: {}, key }),
    archiveFile: (id: number) => `${BASE}/report-archives/${id}/file`,

    needReturns: (month: string, cursor?: string, signal?: Signal) =>
        json<T.NeedReturnPage>(query('/need-returns', { month, cursor, limit: 100 }), at(signal)),
    createNeedReturn: (body: T.NeedReturnNew, key: string) => json<T.NeedReturn>('/need-returns', { method: POST, body, key }),
    editNeedReturn: (id: number, version: number, body: T.NeedReturnCount) =>
        json<T.NeedReturn>(`/need-returns/${id}`, { method: 'PUT', body, etag: versionTag(version) }),
    referrals: (state?: T.ReferralState, cursor?: string, signal?: Signal) =>
        json<T.ReferralPage>(query('/referrals', { state, cursor, limit: 100 }), at(signal)),
    referral: (id: number, signal?: Signal) => json<T.Referral>(`/referrals/${id}`, at(signal)),
    createReferral: (body: T.ReferralPatch, key: string) => json<T.Referral>('/referrals', { method: POST, body, key }),
    patchReferral: (r: Revision, body: T.ReferralPatch) =>
        json<T.Referral>(`/referrals/${r.id}`, { method: 'PATCH', body, etag: versionTag(r.version) }),
    submitReferral: (r: Revision, key: string) => moveReferral(r, 'submit', key),
    withdrawReferral: (r: Revision, body: T.Withdrawal, key: string) => moveReferral(r, 'withdraw', key, body),
    takeReferral: (r: Revision, key: string) => moveReferral(r, 'take', key),
    askReferral: (r: Revision, body: T.ReferralAsk, key: string) => moveReferral(r, 'ask', key, body),
    decideReferral: (r: Revision, body: T.Decision, key: string) => moveReferral(r, 'decide', key, body),
    sendScan: (id: number, kind: T.ScanKind, file: Blob, key: string) => json<T.Referral>(query(`/referrals/${id}/scans`, { kind }), { method: POST, file, key }),
    openScan: async (id: number, body: T.ScanOpen) => (await send(`/referrals/${id}/scans/open`, { method: POST, body })).blob(),
    readMedical: (id: number, body: T.MedicalWhy) => json<T.Medical>(`/referrals/${id}/medical`, { method: POST, body }),
    intakeQueue: (cursor?: string, signal?: Signal) => json<T.ReferralPage>(query('/intake/queue', { cursor, limit: 100 }), at(signal)),
    decisionTimes: (month: string, signal?: Signal) => json<T.DecisionTimes>(query('/intake/decisions', { month }), at(signal)),
    childRegister: (q: string, expiring: boolean, cursor?: string, signal?: Signal) =>
        json<T.RegisterPage>(query('/child-register', { q, expiring: expiring ? 'yes' : undefined, cursor, limit: 50 }), at(signal)),
    childLimits: (child: number, signal?: Signal) => json<T.ChildLimits>(`/children/${child}/limits`, at(signal)),
    childCase: (child: number, signal?: Signal) => json<T.ChildCase>(`/children/${child}/case`, at(signal)),
    familyLink: (child: number, body: T.FamilyLinkNew) => json<T.FamilyLink>(`/children/${child}/sign-in-link`, { method: POST, body }),
    closeCase: (child: number, body: T.CaseClose, key: string) => json<T.ChildCase>(`/children/${child}/case/close`, { method: POST, body, key }),

    children: (q?: string, cursor?: string, signal?: Signal) =>
        json<T.ChildPage>(query('/children', { q, cursor, limit: 100 }), at(signal)),
    programmes: (grade?: number, cursor?: string, signal?: Signal) =>
        json<T.ProgrammePage>(query('/programmes', { grade, cursor, limit: 100 }), at(signal)),
    enterProgramme: (body: T.ProgrammeNew, key: string) => json<T.ProgrammeWithTopics>('/programmes', { method: POST, body, key }),
    programmeApprovals: (signal?: Signal) => json<T.ProgrammeApprovalPage>(query('/programme-approvals', { limit: 100 }), at(signal)),
    childProgramme: (child: number, signal?: Signal) => json<T.ChildProgrammes>(`/children/${child}/programme`, at(signal)),
    draftProgramme: (child: number, body: T.ChildProgrammeDraft, key: string) =>
        json<T.ChildProgramme>(`/children/${child}/programme`, { method: POST, body, key }),
    editProgramme: (id: number, version: number, body: T.ChildProgrammeDraft) =>
        json<T.ChildProgramme>(`/child-programmes/${id}`, { method: 'PUT', body, etag: `"v${version}"` }),
    moveProgramme: (id: number, version: number, move: 'propose' | 'approve', key: string) =>
        json<T.ChildProgramme>(`/child-programmes/${id}/${move}`, { method: POST, etag: `"v${version}"`, key }),
    returnProgramme: (id: number, version: number, body: T.ProgrammeReason, key: string) =>
        json<T.ChildProgramme>(`/child-programmes/${id}/return`, { method: POST, body, etag: `"v${version}"`, key }),
    weeklyHours: (who: 'child' | 'mentor', id: number, signal?: Signal) =>
        json<T.WeeklyHours>(`/${who === 'child' ? 'children' : 'mentors'}/${id}/hours`, at(signal)),
    putWeeklyHours: (who: 'child' | 'mentor', id: number, version: number, body: T.WeeklyHoursNew) =>
        json<T.WeeklyHours>(`/${who === 'child' ? 'children' : 'mentors'}/${id}/hours`, { method: 'PUT', body, etag: `"v${version}"` }),
    calendar: (school: number, signal?: Signal) => json<T.SchoolCalendar>(`/schools/${school}/calendar`, at(signal)),
    putCalendar: (school: number, version: number, body: T.SchoolCalendarNew) =>
        json<T.SchoolCalendar>(`/schools/${school}/calendar`, { method: 'PUT', body, etag: versionTag(version) }),
    calendarLessons: (school: number, span: { from: string; to: string }, signal?: Signal) =>
        json<T.CalendarLessons>(query(`/schools/${school}/calendar/lessons`, { ...span }), at(signal)),
    candidates: (child: number, subject?: T.SubjectCode, signal?: Signal) =>
        json<T.Candidates>(query(`/children/${child}/candidates`, { subject }), at(signal)),
    assign: (child: number, body: T.AssignmentNew, key: string) => json<T.Assignment>(`/children/${child}/assignments`, { method: POST, body, key }),
    endAssignment: (id: number, body: T.ProgrammeReason, key: string) => json<T.Assignment>(`/assignments/${id}/end`, { method: POST, body, key }),
    childrenWithoutMentor: (signal?: Signal) => json<T.WithoutMentorPage>(query('/children-without-mentor', { limit: 100 }), at(signal)),
    childrenWithoutPeers: (signal?: Signal) => json<T.WithoutPeersPage>(query('/children-without-peers', { limit: 100 }), at(signal)),
    mentors: (q?: string, cursor?: string, signal?: Signal) =>
        json<T.MentorPage>(query('/mentors', { q, cursor, limit: 100 }), at(signal)),

    mentorPapers: (q?: string, cursor?: string, signal?: Signal) =>
        json<T.MentorPapersPage>(query('/mentor-papers', { q, cursor, limit: 100 }), at(signal)),
    expiries: (signal?: Signal) => json<{ items: T.Expiry[] }>('/expiries', at(signal)),
    hiring: (mentor: number, signal?: Signal) => json<T.HiringFile>(`/mentors/${mentor}/hiring`, at(signal)),
    sendDocument: (mentor: number, of: { kind: T.DocumentKind; issued: string; expires?: string }, file: Blob, told: (part: number) => void, key: string) =>
        upload<T.HiringFile>(query(`/mentors/${mentor}/documents`, of), file, told, key),
    documentFile: (id: number) => `${BASE}/documents/${id}/file`,
    verifyDocument: (id: number, body: T.DocumentVerify, key: string) => json<T.HiringFile>(`/documents/${id}/verify`, { method: POST, body, key }),
    returnDocument: (id: number, body: T.DocumentReturn, key: string) => json<T.HiringFile>(`/documents/${id}/return`, { method: POST, body, key }),
    addTraining: (mentor: number, body: T.TrainingNew, key: string) => json<T.HiringFile>(`/mentors/${mentor}/trainings`, { method: POST, body, key }),
    addQualification: (mentor: number, body: T.QualificationNew, key: string) => json<T.HiringFile>(`/mentors/${mentor}/qualifications`, { method: POST, body, key }),
    addInterview: (mentor: number, body: T.InterviewNew, key: string) => json<T.HiringFile>(`/mentors/${mentor}/interviews`, { method: POST, body, key }),
    addIntroduction: (mentor: number, body: T.IntroductionNew, key: string) => json<T.HiringFile>(`/mentors/${mentor}/introductions`, { method: POST, body, key }),
    verifyPaper: (of: 'trainings' | 'qualifications', id: number, key: string) => json<T.HiringFile>(`/${of}/${id}/verify`, { method: POST, body: {}, key }),
    apply: (mentor: number, school: number, key: string) => json<T.HiringFile>(`/mentors/${mentor}/applications`, { method: POST, body: { school }, key }),
    stepApplication: (id: number, rev: number, body: T.ApplicationStep, key: string) =>
        json<T.HiringFile>(`/applications/${id}/step`, { method: POST, body, etag: `"v${rev}"`, key }),
    issueOrder: (id: number, rev: number, body: T.OrderNew, key: string) =>
        json<T.HiringFile>(`/applications/${id}/order`, { method: POST, body, etag: `"v${rev}"`, key }),
    orderFile: (id: number) => `${BASE}/applications/${id}/order.pdf`,
    canTeach: (mentor: number, of: { child: number; subject: string; at: number }, signal?: Signal) =>
        json<T.TeachVerdict>(query(`/mentors/${mentor}/can-teach`, of), at(signal)),
    needsSubstitute: (signal?: Signal) => json<{ items: T.Lesson[] }>('/needs-substitute', at(signal)),
    substitutes: (lesson: number, signal?: Signal) => json<{ items: T.SubstituteOffer[] }>(`/lessons/${lesson}/substitutes`, at(signal)),
    moveChild: (child: number, body: T.ChildMoveNew, key: string) => json<T.ChildMoved>(`/children/${child}/school`, { method: POST, body, key }),
    childMoves: (signal?: Signal) => json<T.ChildMoves>('/child-moves', at(signal)),

    importList: (kind: T.ImportKind, apply: boolean, file: Blob, told: (part: number) => void, key: string) =>
        upload<T.ImportResult>(query('/imports', { kind, apply: String(apply) }), file, told, key),
    importTemplate: (kind: T.ImportKind) => `${BASE}/imports/template?kind=${kind}`,
    exportOneRoster: `${BASE}/exports/oneroster.zip`,
    subjects: (signal?: Signal) => json<T.SubjectList>('/subjects', at(signal)),
};
