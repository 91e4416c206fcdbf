// SPDX-License-Identifier: Apache-2.0
//
// Generated from common/openapi.yaml by tools/api-types.mjs: change that, not this.

export type Id = number;

/** milliseconds since 1970-01-01T00:00:00Z */
export type Time = number;

/** a duration in milliseconds */
export type Millis = number;

export type Count = number;

/** tenths of a percent, floored: 749 is 74.9 % */
export type PercentTenths = number;

export type CalendarDate = string;

export type Month = string;

/** local wall time */
export type Clock = string;

/** IANA time zone name */
export type Zone = string;

/** mentor-child-school-month */
export type ReportId = string;

/** mentor-child-school-terms a year-first day; 4 for a quarter, 2 for a half-year */
export type SheetId = string;

/** at most 400 bytes */
export type Reason = string;

export type Cursor = string | null;

export type Role = 'child' | 'guardian' | 'mentor' | 'coordinator' | 'school_officer' | 'admin';

export type Locale = 'ru' | 'en';

export type Animal = 'fox' | 'owl' | 'bear';

export type Theme = 'system' | 'light' | 'dark';

export type Hand = 'right' | 'left';

export type SubjectCode = 'maths' | 'language' | 'reading' | 'nature' | 'foreign' | 'art' | 'music';

export type LessonKind = 'lesson' | 'introduction' | 'group' | 'practice';

export type LessonState = 'planned' | 'scheduled' | 'needs_substitute' | 'open' | 'running' | 'interrupted' | 'ended' | 'computed' | 'disputed' | 'confirmed' | 'locked' | 'cancelled' | 'rescheduled';

/** The one word a list shows for a lesson now. later: door closed · door_open: door open, not begun · waiting: begun or open, the child is in and the mentor is not yet late · mentor_missing / child_missing: begun, one side absent for 5 minutes, the other present · live: both are in · paused: mentor dropped out · resting: a child rests · weak: live, a bad link · done: held · part: held in part · missed: not held · cancelled · moved · needs_substitute */
export type Chip = 'later' | 'door_open' | 'waiting' | 'mentor_missing' | 'child_missing' | 'live' | 'paused' | 'resting' | 'weak' | 'done' | 'part' | 'missed' | 'cancelled' | 'moved' | 'needs_substitute';

/** on whose side the cause of a cancellation lies */
export type Side = 'child' | 'mentor' | 'school' | 'centre';

export type Outcome = 'held' | 'tech_server' | 'both_no_show' | 'teacher_no_show' | 'tech_teacher' | 'child_no_show' | 'tech_child' | 'no_overlap' | 'partial' | 'not_held';

/** Automatic: P present · L late · E left early · T own technical failure · S server failure · W waited for an absent mentor · N no reason yet. By amendment: I ill · M medical procedure · C excused · U unexcused · X cancelled by the centre · H holiday. */
export type Code = 'P' | 'L' | 'E' | 'T' | 'S' | 'W' | 'N' | 'I' | 'M' | 'C' | 'U' | 'X' | 'H';

export type LeaveCause = 'still_in' | 'left' | 'tired' | 'socket_closed' | 'timeout' | 'server_restart' | 'taken_over' | 'cut' | 'window_end';

export type Admit = 'no_login' | 'not_yours' | 'too_early' | 'ended' | 'cancelled' | 'moved' | 'right_ended' | 'consent' | 'back_off' | 'full' | 'not_ready' | 'unavailable';

export type Mark = '2' | '3' | '4' | '5' | 'not_attested' | 'released' | 'pass' | 'fail' | null;

export type Thing = 'notebook' | 'pencil' | 'ruler' | 'textbook' | 'reader' | 'album' | 'paints' | 'instrument';

/** R1 too_short, too_long (value, limit: minutes), in_the_past (limit: now, value: the start), skipped_time (value: the instant of the jump), doubled_time (choices: both instants), unknown_zone · R2 child_overlap, R3 mentor_overlap (value: minutes of overlap, rounded up) · R3 mentor_turn_round (limit, value: minutes between the two lessons) · R2 section_overlap, treatment_overlap (value: minutes) · R5 lesson_length · R6 screen_lesson, screen_day · R7 lessons_per_day (lessons) · R8 week_max · R9 break, long_break · R10 day_window (limit, value: minute of the child's local day), allowed_hours (value: likewise) · R11 rest_day (value: ISO weekday), holiday (value: the school's local day, counted from 1970-01-01) · R12 section_gap · R13 school_hours, mentor_hours (value: minute of their local day) · R14 no_recommendation, not_employed (limit: last day the paper holds, value: the day) · R15 employment_hours, part_time, mentor_week · R16 no_approved_line (value: the subject), programme_week, programme_year · R18 group_size (children). Where nothing else stands, limit and value are minutes; R4 may_not_teach and R18 group_consent, R7 screen_lessons_per_day and R19 late_change (warnings) are of drafts. A week runs from Monday to Sunday, of the child's zone (R8), the school's (R15, R16) or the mentor's (R15 mentor_week). */
export type ConflictRule = 'too_short' | 'too_long' | 'in_the_past' | 'skipped_time' | 'doubled_time' | 'unknown_zone' | 'child_overlap' | 'mentor_overlap' | 'mentor_turn_round' | 'section_overlap' | 'treatment_overlap' | 'lesson_length' | 'screen_lesson' | 'screen_day' | 'lessons_per_day' | 'week_max' | 'break' | 'long_break' | 'day_window' | 'allowed_hours' | 'rest_day' | 'holiday' | 'section_gap' | 'school_hours' | 'mentor_hours' | 'no_recommendation' | 'not_employed' | 'employment_hours' | 'part_time' | 'mentor_week' | 'no_approved_line' | 'programme_week' | 'programme_year' | 'group_size' | 'may_not_teach' | 'group_consent' | 'screen_lessons_per_day' | 'late_change';

/** R4 may_teach: the mentor's papers, employment at the child's school or (but for a substitute) assignment to the child do not cover that day · R4 consent: no consent for distance lessons · R18 group_consent: no consent for lessons with other children · R17 same_mentor: the substitute is the mentor who is absent · papers: the hiring set is not complete, `gates` says what is missing · programme_*, own_programme, barred, one_lead, assigned_already: where programmes and mentors are decided · own_run, run_open, run_old, run_empty, held_already: of retention */
export type Gate = 'may_teach' | 'consent' | 'group_consent' | 'same_mentor' | 'papers' | 'referral_state' | 'own_referral' | 'other_reviewer' | 'incomplete' | 'duplicates' | 'period_ahead' | 'period_closed' | 'below_referrals' | 'returned_already' | 'case_closed' | 'lessons_ahead' | 'no_paper' | 'programme_open' | 'programme_state' | 'programme_faults' | 'own_programme' | 'no_reason' | 'barred' | 'one_lead' | 'assigned_already' | 'own_run' | 'run_open' | 'run_old' | 'run_empty' | 'held_already' | 'webhooks_full' | 'own_report' | 'report_not_yours' | 'month_not_over' | 'report_state' | 'report_accepted' | 'report_not_sent' | 'report_unopened' | 'report_unresolved' | 'report_disputed' | 'report_totals' | 'report_empty' | 'report_no_note' | 'marks_missing' | 'report_changed' | 'cause_waited' | 'make_up_not_missed' | 'make_up_given' | 'make_up_made' | 'make_up_too_late' | 'own_sheet' | 'term_not_over' | 'sheet_state' | 'sheet_accepted' | 'sheet_not_sent' | 'sheet_unopened' | 'sheet_unresolved' | 'sheet_empty' | 'sheet_changed' | 'grade_unmarked' | 'marks_other_term' | 'marks_closed' | 'marks_no_lessons' | 'marks_no_reason' | 'marks_no_subject' | 'marks_differs' | 'marks_few' | 'marks_not_held' | 'marks_no_line' | 'consent_given' | 'consent_not_given' | 'consent_not_asked' | 'consent_asked' | 'consent_words' | 'event_cancelled' | 'event_begun' | 'event_past' | 'event_not_begun' | 'event_adults' | 'event_no_child' | 'event_full' | 'event_answer_late' | 'event_guardian' | 'event_no_consent' | 'event_window' | 'event_agenda_long' | 'event_same_person' | 'event_host' | 'event_unmarked' | 'event_minutes_empty' | 'event_frozen' | 'event_not_frozen' | 'event_signed_already' | 'choice_few' | 'choice_many' | 'choice_twice' | 'choice_closed' | 'choice_age' | 'choice_paper' | 'choice_uninformed' | 'choice_consent' | 'choice_overlap' | 'choice_clash';

export interface HiringFile {
    mentor: Person;
    /** the centre's zone, in which the dates are */
    tz: string;
    /** by kind, newest first */
    documents: StaffDocument[];
    trainings: Training[];
    qualifications: Qualification[];
    /** newest first; a school sees its own */
    applications: Application[];
    /** the papers alone */
    checklist: GateState[];
    /** every gate of the checklist holds */
    complete: boolean;
    /** papers for whose end a warning is due */
    expiring: Expiring[];
    /** newest first; empty for a school */
    interviews: Interview[];
    /** where the mentor may apply; empty for a school */
    schools: School[];
}

export type DocumentKind = 'work_book' | 'application' | 'no_record' | 'course' | 'rating_sheet' | 'award';

export interface StaffDocument {
    id: Id;
    kind: DocumentKind;
    type: 'pdf' | 'png' | 'jpeg';
    bytes: number;
    issued: CalendarDate;
    /** the last day */
    expires: CalendarDate | null;
    original_seen: boolean;
    verified_by: Person | null;
    verified_at: Time | null;
    returned_by: Person | null;
    returned_at: Time | null;
    /** of the return */
    reason: string | null;
    sent_at: Time;
}

export type TrainingTopic = 'contact_psychology' | 'first_aid' | 'distance_teaching' | 'safeguarding';

export interface Training {
    id: Id;
    course: string;
    provider: string;
    hours: number;
    issued: CalendarDate;
    /** the last day */
    expires: CalendarDate | null;
    topics: TrainingTopic[];
    verified_by: Person | null;
}

export interface Qualification {
    id: Id;
    subject: string;
    level: string;
    grade_from: number;
    grade_to: number;
    issued: CalendarDate;
    verified_by: Person | null;
}

export type ImportKind = 'children' | 'mentors' | 'timetable' | 'oneroster';

export interface ImportFault {
    /** of an archive; else empty */
    file: string;
    /** as a spreadsheet counts, 1 the names of the columns; 0: the whole file */
    row: number;
    /** its name; empty: the whole row */
    column: string;
    code: 'no_table' | 'encoding' | 'quotes' | 'empty' | 'too_many_rows' | 'too_many_cells' | 'too_long' | 'too_large' | 'formula' | 'no_column' | 'which_column' | 'column_twice' | 'no_member' | 'not_bulk' | 'missing' | 'malformed' | 'range' | 'twice' | 'unknown' | 'taken' | 'duplicate' | 'past' | 'no_such_time';
}

export interface ImportResult {
    kind: ImportKind;
    /** all of it is written; false: none */
    applied: boolean;
    /** with something in them */
    rows: number;
    faults_total: number;
    /** the first 200 */
    faults: ImportFault[];
    made: {
        schools: number;
        children: number;
        mentors: number;
        guardians: number;
        assignments: number;
        lessons: number;
    };
    /** the draft of the schedule that took the lessons */
    version: number | null;
}

export type ApplicationState = 'draft' | 'documents' | 'verification' | 'returned' | 'recommended' | 'order_issued' | 'acquainted' | 'employed' | 'suspended' | 'ended';

export interface Application {
    id: Id;
    school: School;
    state: ApplicationState;
    since: Time;
    /** of the last step */
    reason: string | null;
    rev: number;
    order: EmploymentOrder | null;
}

export interface EmploymentOrder {
    number: string;
    date: CalendarDate;
    rate_percent: number;
    week_minutes: number;
    from: CalendarDate;
    /** the last day */
    to: CalendarDate | null;
    acquainted_at: Time | null;
}

export interface TeachVerdict {
    may: boolean;
    /** nothing fails until then; null - for ever, or something fails now */
    until: Time | null;
    gates: GateState[];
}

export interface Expiry {
    mentor: Person;
    /** null - of the papers, whatever the school */
    school: School | null;
    gate: TeachGate;
    until: Time;
    /** of the last warning */
    days: number;
    told_at: Time;
}

export interface Expiring {
    gate: TeachGate;
    until: Time;
    /** of the warning that is due: 30, 14 or 3 unless the centre has set others */
    days: number;
}

export interface Interview {
    id: Id;
    date: CalendarDate;
    score: number;
    evidence: string;
    by: Person;
}

export interface InterviewNew {
    date: CalendarDate;
    score: number;
    /** what speaks for it */
    evidence: string;
}

export interface ApplicationBrief {
    id: Id;
    school: School;
    state: ApplicationState;
    since: Time;
}

export interface MentorPapers {
    mentor: Person;
    /** gates of the papers that fail */
    missing: GateState[];
    expiring: Expiring[];
    complete: boolean;
    /** newest first; a school sees its own */
    applications: ApplicationBrief[];
}

export interface MentorPapersPage {
    items: MentorPapers[];
    next: Cursor;
}

export interface SubstituteOffer {
    mentor: Person;
    /** no gate and no hard rule stands in the way */
    may: boolean;
    /** those that fail */
    gates: GateState[];
    /** hard rules of the timetable that would be broken */
    rules: ConflictRule[];
}

export interface ChildMoveNew {
    /** the new one */
    school: Id;
    /** the present one */
    from: Id;
    reason: string;
}

export interface ChildMoved {
    school: School;
    /** lessons that need a substitute now */
    suspended: number;
}

export interface ChildMoves {
    items: ChildMove[];
    /** of the centre, by name: where a child can be registered */
    schools: School[];
}

export interface ChildMove {
    id: Id;
    child: Person;
    from: School;
    to: School;
    reason: string;
    at: Time;
    /** that wait for a substitute */
    lessons: number;
    /** mentors of the child who are not hired at the new school */
    mentors: {
        mentor: Person;
        gates: GateState[];
    }[];
}

export interface TrainingNew {
    course: string;
    provider: string;
    hours: number;
    issued: CalendarDate;
    /** the last day */
    expires?: CalendarDate | null;
    topics: TrainingTopic[];
}

export interface QualificationNew {
    subject: string;
    level: string;
    grade_from: number;
    grade_to: number;
    issued: CalendarDate;
}

export interface IntroductionNew {
    child: Id;
    date: CalendarDate;
}

export interface ApplicationNew {
    school: Id;
}

export interface ApplicationStep {
    step: 'begin' | 'submit' | 'return' | 'recommend' | 'acquaint' | 'suspend' | 'resume' | 'end';
    reason?: string | null;
}

export interface OrderNew {
    number: string;
    date: CalendarDate;
    rate_percent: number;
    week_minutes: number;
    from: CalendarDate;
    /** the last day */
    to?: CalendarDate | null;
}

export interface DocumentVerify {
    original_seen: boolean;
}

export interface DocumentReturn {
    reason: string;
}

export interface Nothing {

}

/** One gate of R4 (can_teach), how it stands and who has to act. */
export interface GateState {
    gate: TeachGate;
    cause: GateCause;
    /** holds until then */
    until: Time | null;
    actor: HiringActor;
}

/** account: active, with a mentor's role · suspension: not suspended at the school · training, training_topic: a verified course that stands then, about the contact with a sick child · work_book, application, no_record, course, rating_sheet: the five documents, verified and not expired · no_record_age: the certificate is not older than the policy has it · qualification: subject and grade · employment, order, acquainted: at the child's school, by its principal's order, which the mentor has read · introduction: to the child and family, before the first lesson · assignment · programme: an approved line of the subject holds · consent, group_consent: the family's */
export type TeachGate = 'account' | 'suspension' | 'training' | 'training_topic' | 'work_book' | 'application' | 'no_record' | 'no_record_age' | 'course' | 'rating_sheet' | 'qualification' | 'employment' | 'order' | 'acquainted' | 'introduction' | 'assignment' | 'programme' | 'consent' | 'group_consent';

/** holds · missing: there is nothing · expired: it held before · not_yet: it begins later · waiting: it is there, nobody has looked at it */
export type GateCause = 'holds' | 'missing' | 'expired' | 'not_yet' | 'waiting';

export type HiringActor = 'none' | 'mentor' | 'coordinator' | 'school' | 'guardian' | 'program';

/** from ahead on: of papers and their days · from span on: of a row of weekly times · from not_https on: of a webhook's address */
export type Fault = 'missing' | 'unknown' | 'type' | 'range' | 'too_long' | 'malformed' | 'ahead' | 'order' | 'expired' | 'too_old' | 'withdrawn_since' | 'span' | 'days' | 'kind' | 'overlap' | 'too_many' | 'not_https' | 'not_url' | 'with_name' | 'bad_host' | 'with_hash';

/** malformed: not one strict JSON object · bad_field: `field` and `fault` say what · no_login · bad_sign_in · account_ended · need_code, bad_code: of the second step · bad_password: the own one · enrol_first: a second step is owed · link_gone: used or too old · login_taken · address_taken · no_mail: this server sends none · own_account: not from here · not_allowed · not_found · bad_method · conflict: `conflicts`, `free_slots` · outdated: somebody published or changed a lesson of the draft meanwhile · not_now: the lesson's state forbids it · locked: the month is closed · key_reused: the Idempotency-Key came with another request · gate: R4, R17 or a missing consent forbids it, `gate` and `gates` name it · stale · need_match · too_large · too_many: until `at` · same_file: it was sent as another kind of document · bad_file: no PDF, PNG or JPEG · internal · unavailable */
export type ErrorCode = 'malformed' | 'bad_field' | 'no_login' | 'bad_sign_in' | 'account_ended' | 'need_code' | 'bad_code' | 'bad_password' | 'enrol_first' | 'link_gone' | 'login_taken' | 'address_taken' | 'no_mail' | 'own_account' | 'not_allowed' | 'not_found' | 'bad_method' | 'conflict' | 'outdated' | 'not_now' | 'locked' | 'key_reused' | 'same_file' | 'bad_file' | 'gate' | 'stale' | 'need_match' | 'too_large' | 'too_many' | 'internal' | 'unavailable';

export interface Refusal {
    error: ApiError;
}

export interface ApiError {
    code: ErrorCode;
    /** bad_field only */
    field?: string;
    fault?: Fault;
    at?: Time;
    gate?: Gate;
    /** gate only - everything that fails */
    gates?: GateState[];
    /** gate programme_faults only */
    faults?: ProgrammeFault[];
    conflicts?: Conflict[];
    /** free for everybody on the lesson */
    free_slots?: Slot[];
}

export interface Conflict {
    rule: ConflictRule;
    /** 3 for R3 */
    number: number;
    limit: number | null;
    value: number | null;
    /** the lesson asked for */
    this: LessonBrief | null;
    /** the lesson in the way */
    other: LessonBrief | null;
    /** the child or mentor concerned */
    who: Person | null;
    choices: Time[];
}

export interface ScheduleVersion {
    id: number;
    /** within the centre */
    number: number;
    state: 'draft' | 'validated' | 'published' | 'superseded';
    /** lessons that wait in it */
    planned: number;
}

export interface ScheduleJudgement {
    version: ScheduleVersion;
    /** how many were judged */
    lessons: number;
    /** conflicts in all; of conflicts and warnings together the first 200 are listed */
    hard: number;
    conflicts: Conflict[];
    warnings: Conflict[];
}

export interface SeriesNew {
    subject: SubjectCode;
    mentor: Id;
    children: Id[];
    /** nothing before it */
    date: CalendarDate;
    /** wall time of the first child */
    time: string;
    minutes: number;
    /** which of two when the clocks show it twice */
    pick?: 'earlier' | 'later';
    /** 1 Monday */
    weekdays: number[];
    /** weeks; absent: every week */
    every?: number;
    /** the last day on which a lesson may be */
    until: CalendarDate;
    leave_out?: CalendarDate[];
}

export interface Series {
    id: Id;
    /** for If-Match */
    rev: number;
    subject: string;
    mentor: Person;
    children: Person[];
    tz: Zone;
    /** recurrence rule of RFC 5545 */
    rule: string;
    first: CalendarDate;
    time: string;
    minutes: number;
    /** it was ended */
    ends_before: CalendarDate | null;
    /** planned or scheduled ones ahead */
    lessons: number;
    next: Time | null;
    last: Time | null;
    /** lessons ahead that do not start when the series means them to, because the rules of a zone have changed */
    shifted: ({
        date: CalendarDate;
        was: Time;
        is: Time | null;
    })[];
}

export interface SeriesList {
    series: Series[];
}

export interface SeriesMade {
    series: Series;
    planned: number;
    /** occurrences behind the end of what allows them (R14) */
    cut: number;
    /** the first of them */
    cut_from: CalendarDate | null;
    /** days on which the clocks have no such time, or two */
    faults: ({
        date: CalendarDate;
        rule: 'skipped_time' | 'doubled_time' | 'unknown_zone';
        choices: Time[];
    })[];
    /** conflicts in all */
    hard: number;
    conflicts: Conflict[];
    warnings: Conflict[];
}

export interface SeriesEnd {
    /** local day of the series */
    from: CalendarDate;
    reason: string;
}

export interface SeriesEnded {
    series: Series;
    /** published lessons */
    cancelled: number;
    /** lessons of drafts */
    unplanned: number;
}

export interface PlanNew {
    /** its Monday */
    week: CalendarDate;
    mode: PlanMode;
    /** absent: any */
    seed?: number;
}

export interface Plans {
    plans: Plan[];
}

/** fresh: what is approved and not on the timetable yet · repair: the same, and what is published and cannot stay is put elsewhere; as few others as possible move, and none that begins within the notice of R19 */
export type PlanMode = 'fresh' | 'repair';

export interface Plan {
    id: Id;
    /** its Monday */
    week: CalendarDate;
    mode: PlanMode;
    seed: number;
    state: 'queued' | 'running' | 'done' | 'stopped' | 'failed';
    /** asked, time: stopped · restart, records: failed */
    cause: 'none' | 'asked' | 'time' | 'restart' | 'records';
    asked_by: Person;
    asked_at: Time;
    begun_at: Time | null;
    ended_at: Time | null;
    /** the draft; null: there is none, or nothing to change */
    version: number | null;
    progress: {
        /** lessons to be placed; in repair those that may move, too */
        wanted: number;
        placed: number;
        /** no week places more; placed = bound is a proof */
        bound: number;
        steps: number;
        ms: number;
    };
    /** null before the end */
    changes: {
        /** published lessons that stay */
        kept: number;
        /** published ones that could not stay and have another place */
        forced: number;
        /** published ones that could have stayed and made room */
        moved: number;
        /** new ones */
        added: number;
        /** without a place */
        left: number;
    } | null;
    /** the first of them */
    left: PlanLeft[];
}

/** what leaves no place; none: there is one, the search was stopped before it · no_candidate: nobody may teach it */
export type PlanRule = 'none' | 'in_the_past' | 'day_window' | 'rest_day' | 'blocks' | 'school_hours' | 'validity' | 'mentor_hours' | 'mentor_events' | 'child_lessons' | 'mentor_lessons' | 'lessons_per_day' | 'subject_per_day' | 'long_break' | 'week_minutes' | 'mentor_load' | 'lesson_length' | 'no_candidate';

export interface PlanLeft {
    child: Person;
    subject: SubjectCode;
    /** who would teach it; null if nobody may */
    mentor: Person | null;
    /** the published one that cannot stay */
    lesson: number | null;
    minutes: number;
    rule: PlanRule;
    /** 10 for R10 */
    number: number;
    /** the rule that opens the most places if it alone were dropped */
    would_fit: PlanRule;
    /** so many */
    starts: number;
    /** null if none was found, which does not say that there is a place */
    proof: {
        /** of one person; they need as many places */
        lessons: number;
        /** fewer */
        places: number;
        /** whose places */
        of: 'child' | 'mentor';
    } | null;
}

export interface Slot {
    start: Time;
    end: Time;
}

export interface PublicCentre {
    name: string;
    phone: string;
    locales: Locale[];
    demo: boolean;
}

export interface Centre {
    id: Id;
    name: string;
    phone: string;
    tz: Zone;
    /** whom a sentence names; null if there is none */
    coordinator: Person | null;
}

export interface School {
    id: Id;
    name: string;
    tz: Zone;
}

export interface Person {
    id: Id;
    name: string;
    /** how one speaks to the person: Миша, Анна Сергеевна */
    given: string;
    animal: Animal;
}

export type SignIn = SignInLink | SignInCode | SignInPassword;

export interface SignInLink {
    /** the token of a personal link (behind /in/ in the address) */
    link: string;
}

export interface SignInCode {
    /** unique within the centre while it is valid */
    code: string;
}

export interface SignInPassword {
    login: string;
    password: string;
    /** of the second step: six digits, or a recovery code. Without one that is needed: 401 `need_code` */
    second?: string;
}

export interface PasswordNew {
    old?: string;
    new: string;
}

export interface MailAddress {
    /** empty for none */
    address: string;
    /** the person has one */
    password: boolean;
    /** this server sends mail */
    mails: boolean;
}

export interface MailAddressNew {
    /** the password of whoever has one */
    old?: string;
    /** one address, ASCII */
    address: string;
}

export interface SignIns {
    items: SignInLine[];
}

export interface SignInLine {
    id: Id;
    /** it asks */
    current: boolean;
    via: 'password' | 'pin' | 'link';
    /** for example Firefox · Windows; empty: not known */
    device: string;
    /** the beginning of its network address */
    net: string;
    since: Time;
    seen: Time;
}

export interface SecondStep {
    active: boolean;
    /** this sign-in opens nothing else until one is set up (`enrol_first`) */
    owed: boolean;
    since: number | null;
    recovery_left: number;
}

export interface SecondSecret {
    /** base32 */
    secret: string;
    /** otpauth:// (RFC 6238, SHA-1, six digits, 30 s) */
    uri: string;
    /** uri as a QR code, row by row, 1 is dark */
    qr: string[];
}

export interface SecondCode {
    /** six digits, or a recovery code where one is set up */
    code: string;
}

export interface RecoveryCodes {
    recovery: string[];
}

export interface AddressOnly {
    /** one address, ASCII */
    address: string;
}

export interface TokenOnly {
    token: string;
}

export interface TokenPassword {
    token: string;
    password: string;
}

export interface InvitationNew {
    name: string;
    /** one address, ASCII */
    address: string;
    role: 'mentor' | 'coordinator' | 'school_officer' | 'admin';
    locale: Locale;
    school?: Id;
}

export interface Invitation {
    id: Id;
    name: string;
    address: string;
    role: 'mentor' | 'coordinator' | 'school_officer' | 'admin';
    org: OrgName;
    sent: Time;
    expires: Time;
    expired: boolean;
    by: Person;
}

export interface OrgName {
    id: Id;
    name: string;
}

export interface Invitations {
    items: Invitation[];
}

export interface Invited {
    name: string;
    role: 'mentor' | 'coordinator' | 'school_officer' | 'admin';
    /** the centre or the school */
    org: string;
    locale: Locale;
    expires: Time;
}

export interface InvitationAccept {
    token: string;
    login: string;
    password: string;
}

export interface StaffPerson {
    id: Id;
    name: string;
    /** empty for none */
    login: string;
    /** empty for none */
    address: string;
    roles: Role[];
    status: 'active' | 'locked' | 'ended';
    /** a second step is set up */
    second: boolean;
    seen: number | null;
    devices: number;
}

export interface People {
    items: StaffPerson[];
    next: Cursor;
}

export interface OutboxRow {
    id: Id;
    kind: 'invitation' | 'password_reset' | 'password_changed' | 'second_step' | 'expiry' | 'report_due' | 'sheet_due' | 'event' | 'webhook_off' | 'no_show';
    to: Person | null;
    /** of somebody without an account */
    address: string;
    state: 'waiting' | 'sending' | 'sent' | 'failed';
    tries: number;
    created: Time;
    next: number | null;
    done: number | null;
    /** what the mail server answered last, 0: nothing */
    code: number;
    /** its line; or no_server, no_address, no_account, no_token, unreadable */
    detail: string;
}

export interface Outbox {
    /** this server sends mail */
    mails: boolean;
    items: OutboxRow[];
    next: Cursor;
}

/** lesson.held, lesson.no_show, lesson.not_held: what a lesson came to, when its attendance is computed, and again if a later run sees it otherwise (held in part is held; a side's own technical failure is its no-show) · attendance.amended: a human code was set · schedule.published: a version of the timetable is in force · report.*, sheet.*: a month report or a sheet of marks was delivered to a school, and acknowledged by it */
export type WebhookEvent = 'lesson.held' | 'lesson.no_show' | 'lesson.not_held' | 'attendance.amended' | 'schedule.published' | 'report.delivered' | 'report.acknowledged' | 'sheet.delivered' | 'sheet.acknowledged';

/** The body of a message. It names rows by number and holds nothing about a person. */
export interface WebhookMessage {
    type: WebhookEvent;
    /** when it happened: ISO 8601, UTC, to the millisecond */
    timestamp: string;
    /** lesson: of lesson.* and attendance.amended · amendment: of attendance.amended · version: of schedule.published · delivery, school: of report.* and sheet.* */
    data: {
        lesson?: Id;
        amendment?: Id;
        version?: Id;
        delivery?: Id;
        school?: Id;
    };
}

/** https:// to a host with a dot; no user, no password, no #. A message goes to public addresses only, whatever the name leads to, and follows no redirect. Faults: not_https · not_url: a letter that an address has not · with_name · bad_host · with_hash */
export type WebhookUrl = string;

export interface WebhookNew {
    url: WebhookUrl;
    events: WebhookEvent[];
}

export interface WebhookEdit {
    url: WebhookUrl;
    events: WebhookEvent[];
    state: 'on' | 'paused';
}

export interface Webhook {
    id: Id;
    version: number;
    url: WebhookUrl;
    /** off: by itself, after failures of `off_after_days` or its 410; its administrators got a letter */
    state: 'on' | 'paused' | 'off';
    events: WebhookEvent[];
    /** tries in a row that failed */
    fails: number;
    failing_since: Time | null;
    /** the secret before signs too until then */
    old_secret_until: Time | null;
    created: Time;
    /** messages that are not sent yet */
    waiting: number;
    /** messages that were given up */
    failed: number;
}

export interface Webhooks {
    items: Webhook[];
    /** all there are */
    events: WebhookEvent[];
    /** of one centre */
    most: number;
    off_after_days: number;
    /** a message, sent or not */
    keep_days: number;
}

export interface WebhookSecret {
    webhook: Webhook;
    secret: string;
}

export interface WebhookDelivery {
    id: Id;
    /** webhook-id of the message: the same at every try */
    message: string;
    event: WebhookEvent;
    state: 'waiting' | 'sending' | 'sent' | 'failed';
    tries: number;
    created: Time;
    /** of what waits */
    next: Time | null;
    /** the last try */
    tried: Time | null;
    done: Time | null;
    /** HTTP status of the last answer, 0: none */
    code: number;
    /** of the last try that failed · answer: another status than 2xx · gone: 410 · redirect: 3xx · closed_network: no public address · no_name: no such host · no_connection · tls · too_slow: over 10 s · too_long: an answer over 16 KiB · unreadable: its secret does not open */
    why: '' | 'answer' | 'gone' | 'redirect' | 'closed_network' | 'no_name' | 'no_connection' | 'tls' | 'too_slow' | 'too_long' | 'unreadable';
    took_ms: number;
    /** a WebhookMessage, byte for byte as it is signed */
    body: string;
}

export interface WebhookDeliveries {
    webhook: Webhook;
    items: WebhookDelivery[];
    next: Cursor;
}

/** chat, presence: a lesson's · medical: a referral's · report, sheet: the frozen copies of one · staff_paper: a document's file · child, family, staff: who a person is, replaced by an alias */
export type RetentionKind = 'chat' | 'presence' | 'medical' | 'report' | 'sheet' | 'staff_paper' | 'child' | 'family' | 'staff';

/** why something stays · young: its time has not come any more */
export type RetentionHoldWord = 'legal' | 'dispute' | 'case' | 'report' | 'active' | 'young';

export interface RetentionPeriod {
    kind: RetentionKind;
    days: number;
    /** where the period stands */
    source: string;
    /** of the centre's row, null: the default */
    from: Time | null;
}

export interface RetentionCount {
    kind: RetentionKind;
    due: number;
    /** old enough and held back */
    held: number;
    done: number;
    /** listed as due and not emptied in its turn */
    spared: number;
}

export interface RetentionRun {
    id: Id;
    rev: number;
    state: 'listing' | 'listed' | 'running' | 'done' | 'withdrawn';
    /** the list is full; the rest comes with the next run */
    more: boolean;
    asked_by: Person;
    asked: Time;
    listed: Time | null;
    /** may be confirmed until then */
    good_until: Time | null;
    confirmed_by: Person | null;
    confirmed: Time | null;
    ended: Time | null;
    counts: RetentionCount[];
}

export interface RetentionItem {
    kind: RetentionKind;
    item: Id;
    since: Time;
    state: 'due' | 'held' | 'done' | 'spared';
    holds: RetentionHoldWord[];
    /** null: no person, or not the asker's to know */
    person: Person | null;
    done: Time | null;
}

export interface RetentionItems {
    items: RetentionItem[];
    next: Cursor;
}

export interface RetentionHold {
    id: Id;
    user: Id;
    /** null: not the asker's to know */
    person: Person | null;
    reason: string;
    by: Person;
    since: Time;
}

export interface RetentionHoldNew {
    user: Id;
    reason: string;
}

export interface Retention {
    periods: RetentionPeriod[];
    /** the newest */
    run: RetentionRun | null;
    holds: RetentionHold[];
    may_ask: boolean;
    may_confirm: boolean;
}

export interface Me {
    id: Id;
    name: string;
    given: string;
    /** whose home page opens */
    role: Role;
    roles: Role[];
    locale: Locale;
    tz: Zone;
    animal: Animal;
    theme: Theme;
    hand: Hand;
    /** a guardian's children */
    children: Person[];
    centre: Centre;
    now: Time;
    demo: boolean;
}

export interface MePatch {
    locale?: Locale;
    animal?: Animal;
    theme?: Theme;
    hand?: Hand;
}

export interface Told {
    at: Time;
    coordinator: Person | null;
}

export interface NotToday {
    /** one lesson; absent means the whole day */
    lesson?: Id;
    /** needed from a guardian */
    child?: Id;
}

export interface ReadyCheck {
    sound: CheckResult;
    voice: CheckResult;
    camera: CheckResult;
    path: 'udp' | 'websocket' | 'none';
    lesson?: Id;
    rtt_ms?: number;
    loss_permille?: number;
}

export type Device = 'unknown' | 'present' | 'blocked' | 'missing';

/** what a path test measured; devices by kind only, never by name */
export interface PathFigures {
    /** a connection for media came up */
    udp: boolean;
    /** signalling answers */
    websocket: boolean;
    rtt_ms?: number;
    /** of packets like those of a voice on UDP */
    loss_permille?: number;
    up_kbps?: number;
    down_kbps?: number;
    microphone: Device;
    camera: Device;
    loudspeaker: Device;
}

export type PathVerdict = 'good' | 'voice_sure' | 'voice_only' | 'call_us';

/** what held the verdict back */
export type PathCause = 'none' | 'way' | 'microphone' | 'loudspeaker' | 'rate_up' | 'rate_down' | 'loss' | 'delay';

export interface PathTest {
    at: Time;
    udp: boolean;
    websocket: boolean;
    rtt_ms: number | null;
    loss_permille: number | null;
    up_kbps: number | null;
    down_kbps: number | null;
    microphone: Device;
    camera: Device;
    loudspeaker: Device;
    verdict: PathVerdict;
    cause: PathCause;
}

export interface PathTests {
    now: Time;
    items: PathPerson[];
}

export interface PathPerson {
    person: Person;
    seat: 'child' | 'mentor';
    /** start of the next lesson */
    next: Time | null;
    /** null: none within 30 days */
    test: PathTest | null;
}

export type CheckResult = 'ok' | 'failed' | 'blocked' | 'skipped';

export interface HelpCall {
    place: 'home' | 'door' | 'ready' | 'room' | 'log';
    /** the code the page showed */
    code?: string;
    lesson?: Id;
}

/** as conflicts name it; id is null for a lesson that does not exist yet */
export interface LessonBrief {
    id: Id | null;
    subject: SubjectCode;
    start: Time;
    end: Time;
    tz: Zone;
    mentor: Person;
    children: Person[];
}

export interface Lesson {
    id: Id;
    kind: LessonKind;
    subject: SubjectCode;
    start: Time;
    end: Time;
    opens: Time;
    closes: Time;
    /** the child's zone */
    tz: Zone;
    state: LessonState;
    chip: Chip;
    version: number;
    mentor: Person;
    /** those the reader may know of */
    children: Person[];
    screen_limit_s: number;
    /** over, and the mentor has not written topic and homework */
    note_due: boolean;
}

export interface LessonFull {
    id: Id;
    kind: LessonKind;
    subject: SubjectCode;
    start: Time;
    end: Time;
    opens: Time;
    closes: Time;
    tz: Zone;
    state: LessonState;
    chip: Chip;
    version: number;
    mentor: Person;
    children: Person[];
    screen_limit_s: number;
    note_due: boolean;
    school: School;
    /** why cancelled or moved; null for readers who may not know */
    reason: string | null;
    side: Side | null;
    moved_from: LessonRef | null;
    moved_to: LessonRef | null;
    make_up_of: LessonRef | null;
    substitute_for: Person | null;
    /** those the reader may know of */
    notes: Note[];
    /** start, end and people may still be changed */
    editable: boolean;
    /** what this reader may do now */
    may: ('move' | 'cancel' | 'substitute' | 'note' | 'amend' | 'confirm')[];
}

export interface LessonRef {
    id: Id;
    start: Time;
}

export interface LessonNew {
    subject: SubjectCode;
    kind?: LessonKind;
    mentor: Id;
    children: Id[];
    date: CalendarDate;
    time: Clock;
    /** R1 allows 10..45; outside that it is a conflict, not a bad field */
    minutes: number;
    pick?: Pick;
    make_up_of?: Id;
}

/** distance lessons at all · lessons with other children · keeping sound and picture · name and age for the provider of a section */
export type ConsentKind = 'lessons' | 'group' | 'recording' | 'sections';

export type ConsentState = 'none' | 'asked' | 'given' | 'refused' | 'withdrawn' | 'expired';

export type ConsentAct = 'lesson' | 'group_lesson' | 'record' | 'section';

/** version of the words of a consent */
export type ConsentWords = number;

export interface ConsentLesson {
    id: Id;
    subject: SubjectCode;
    start: Time;
    end: Time;
    /** it is under way */
    now: boolean;
}

export interface Consent {
    kind: ConsentKind;
    state: ConsentState;
    /** the version in force */
    words: ConsentWords;
    /** the version that was agreed to */
    agreed_words: number | null;
    asked: number | null;
    refused: number | null;
    given: number | null;
    /** null - until withdrawn */
    expires: number | null;
    withdrawn: number | null;
    given_by: Person | null;
    /** who entered what was signed on paper */
    entered_by: Person | null;
    /** its scan */
    paper: number | null;
    /** what is not possible without it */
    covers: ConsentAct[];
    /** the lessons of the next weeks that a withdrawal would stop */
    lessons: ConsentLesson[];
}

export interface Consents {
    child: Person;
    /** the child's zone */
    tz: string;
    /** of the centre */
    phone: string;
    /** who may agree in the child's name */
    guardians: Person[];
    /** one of each kind */
    consents: Consent[];
    /** the lessons that this withdrawal stopped */
    changed: ConsentLesson[] | null;
}

export interface ConsentAsk {
    kind: ConsentKind;
}

export interface ConsentAnswer {
    kind: ConsentKind;
    answer: 'given' | 'refused' | 'withdrawn';
    /** the version that was read; to give or to refuse */
    words?: ConsentWords;
    /** of a withdrawal that a coordinator enters */
    reason?: string;
}

export type SectionKind = 'sport' | 'music' | 'dance' | 'art' | 'science' | 'language' | 'craft' | 'correspondence' | 'vocational' | 'other';

export type VisitKind = 'tour' | 'talk' | 'trial';

/** offered: a place is kept until offer_to */
export type ChoiceState = 'wished' | 'active' | 'waiting' | 'offered';

/** choice_few, choice_many: fewer or more sections than the rule has · choice_twice: two groups of one section · choice_closed · choice_age · choice_paper: the paper has not been seen or has run out · choice_uninformed: no tour, talk or trial class was attended · choice_consent: the family's consent does not stand · choice_overlap: two sections meet at once · choice_clash: R12, a lesson is in the way */
export type ChoiceFault = 'choice_few' | 'choice_many' | 'choice_twice' | 'choice_closed' | 'choice_age' | 'choice_paper' | 'choice_uninformed' | 'choice_consent' | 'choice_overlap' | 'choice_clash';

export interface Provider {
    id: Id;
    name: string;
    phone: string;
}

export interface Providers {
    providers: Provider[];
}

export interface ProviderNew {
    name: string;
    code: string;
    phone?: string;
}

export interface SectionSlot {
    /** 1 Monday */
    weekday: number;
    time: string;
    minutes: number;
}

export interface SectionGroup {
    id: Id;
    name: string;
    capacity: number;
    /** places and offers */
    taken: number;
    waiting: number;
    slots: SectionSlot[];
}

export interface SectionGroupNew {
    name: string;
    capacity: number;
    slots: SectionSlot[];
}

export interface Section {
    id: Id;
    title: string;
    kind: SectionKind;
    provider: Provider;
    leader: string;
    place: string;
    online: boolean;
    /** yes or no and no more */
    paper_needed: boolean;
    /** takes children */
    open: boolean;
    age_from: number;
    age_to: number;
    travel_minutes: number;
    tz: Zone;
    groups: SectionGroup[];
}

export interface Sections {
    sections: Section[];
}

export interface SectionNew {
    title: string;
    kind: SectionKind;
    provider: Id;
    leader: string;
    place?: string;
    online: boolean;
    age_from: number;
    age_to: number;
    paper_needed: boolean;
    travel_minutes?: number;
    groups: SectionGroupNew[];
}

export interface VisitChild {
    child: Person;
    attended: boolean | null;
}

export interface Visit {
    id: Id;
    section: Id;
    kind: VisitKind;
    start: Time;
    end: Time;
    visitors: VisitChild[];
}

export interface Visits {
    visits: Visit[];
}

export interface VisitNew {
    kind: VisitKind;
    date: CalendarDate;
    time: string;
    minutes: number;
}

export interface VisitSign {
    child: Id;
}

export interface VisitAttendance {
    child: Id;
    attended: boolean;
}

export interface SectionLesson {
    id: Id;
    subject: SubjectCode;
    start: Time;
    end: Time;
}

export interface SectionClash {
    lesson: SectionLesson;
    rule: 'section_overlap' | 'section_gap';
    /** minutes */
    limit: number;
    /** minutes */
    value: number;
    /** the beginning of the meeting */
    meeting: Time;
}

export interface ChoiceItem {
    id: Id;
    section: Section;
    group: Id;
    state: ChoiceState;
    /** in the waiting list */
    rank: number | null;
    offer_to: number | null;
    faults: ChoiceFault[];
    clashes: SectionClash[];
    /** groups that fit and have room */
    proposals: SectionGroup[];
}

export interface Choice {
    child: Person;
    tz: Zone;
    least: number;
    most: number;
    count_fault: ChoiceFault | null;
    choices: ChoiceItem[];
}

export interface ChoiceWish {
    groups: Id[];
}

export interface ChoiceLeave {
    reason: string;
}

export interface ChoiceGroup {
    group: Id;
}

export interface SectionPaper {
    section: Id;
    /** the last day it holds */
    until: CalendarDate;
}

export interface OpenClash {
    choice: Id;
    child: Person;
    section: Section;
    group: Id;
    found: Time;
    clashes: SectionClash[];
    proposals: SectionGroup[];
}

export interface SectionClashes {
    clashes: OpenClash[];
}

export type GatheringKind = 'seminar' | 'meeting';

/** a speaker has the word from the start, a listener when the host gives it */
export type GuestPart = 'speaker' | 'listener';

export interface Gathering {
    /** as `lesson` in `join` */
    id: Id;
    kind: GatheringKind;
    title: string;
    subject: SubjectCode;
    start: Time;
    end: Time;
    opens: Time;
    closes: Time;
    /** the centre's zone */
    tz: Zone;
    state: LessonState;
    host: Person;
    guests: {
        person: Person;
        part: GuestPart;
    }[];
}

export interface GatheringNew {
    kind: GatheringKind;
    title: string;
    subject: SubjectCode;
    /** a mentor of the centre */
    host: Id;
    speakers: Id[];
    /** at least one guest in both lists, at most 99 */
    listeners: Id[];
    date: CalendarDate;
    time: Clock;
    minutes: number;
    pick?: Pick;
}

export interface GuestInvite {
    user: Id;
    part: GuestPart;
}

export interface GuestWithdraw {
    user: Id;
}

export interface LessonMove {
    date: CalendarDate;
    time: Clock;
    minutes: number;
    pick?: Pick;
    reason: Reason;
}

/** which of the two instants of a doubled local time */
export type Pick = 'earlier' | 'later';

export interface LessonCancel {
    side: Side;
    reason: Reason;
}

export interface LessonSubstitute {
    mentor: Id;
    reason: Reason;
}

export interface NoteEdit {
    child: Id;
    /** at most 400 bytes */
    topic: string;
    /** at most 2000 bytes */
    homework: string;
    mark: Mark;
    /** why a mark that stands is changed or taken away, at most 400 bytes */
    mark_reason?: string | null;
    /** at most 2000 bytes */
    text: string;
}

export interface Note {
    child: Id;
    topic: string;
    homework: string;
    mark: Mark;
    text: string;
    at: Time;
    by: Person;
}

export interface Day {
    date: CalendarDate;
    tz: Zone;
    now: Time;
    role: Role;
    /** the lesson the main button leads to; null if none is left */
    next: Id | null;
    /** by start */
    lessons: Lesson[];
    bring: Thing[];
    /** the first lesson after this day */
    tomorrow: Lesson | null;
    limits: Limits[];
    owed: Owed;
}

/** what binds a lesson with this child; never why */
export interface Limits {
    child: Id;
    grade: number;
    lesson_minutes: number;
    screen_minutes: number;
    screen_minutes_day: number;
    lessons_day: number;
}

export interface Owed {
    reports: OwedReport[];
    /** past lessons without a note */
    notes: LessonBrief[];
}

export interface OwedReport {
    id: ReportId;
    child: Person;
    month: Month;
    due: Time;
    overdue: boolean;
}

/** connected from, to; `cause` ended it; still_in means it goes on */
export interface Interval {
    from: Time;
    to: Time;
    cause: LeaveCause;
}

export interface Span {
    from: Time;
    to: Time;
}

/** two lanes over the lesson's window; overlapping connections of one person are already joined */
export interface Strip {
    start: Time;
    end: Time;
    mentor: Interval[];
    child: Interval[];
    /** the server was away */
    outages: Span[];
}

export interface Board {
    now: Time;
    /** when the rooms last spoke; a board older than 10 s is stale */
    as_of: Time;
    date: CalendarDate;
    tz: Zone;
    counts: BoardCounts;
    /** the next time of at least 10 minutes without a window */
    safe_restart: Span | null;
    /** child alone, then no-show, then link, then help; oldest first */
    cards: Card[];
    /** by need then start */
    lessons: BoardLesson[];
    /** newest first */
    door: DoorEvent[];
}

export interface BoardCounts {
    under_way: Count;
    need_you: Count;
    to_come: Count;
    held: Count;
}

export interface Card {
    kind: 'mentor_missing' | 'child_missing' | 'link' | 'help' | 'not_today';
    since: Time;
    lesson: Id | null;
    subject: SubjectCode | null;
    start: Time | null;
    mentor: Person | null;
    child: Person | null;
    /** in and alone since */
    child_since: Time | null;
    /** last try of the missing person at a door */
    last_try: Time | null;
    drops: Count;
    /** of the person to call */
    phone: string | null;
}

export interface BoardLesson {
    id: Id;
    subject: SubjectCode;
    start: Time;
    end: Time;
    opens: Time;
    closes: Time;
    tz: Zone;
    state: LessonState;
    chip: Chip;
    /** of the chip if it has a beginning */
    since: Time | null;
    mentor: Person;
    children: Person[];
    contact_ms: Millis;
    drops: Count;
    /** who is in now */
    seats: Seat[];
    lanes: Strip;
    /** a side has not come */
    no_show: NoShowBrief | null;
    version: number;
}

export type MissingSide = 'mentor' | 'child' | 'both';

/** a human code: ill, medical procedure, excused, unexcused, cancelled by the centre, holiday */
export type Cause = 'I' | 'M' | 'C' | 'U' | 'X' | 'H';

export interface NoShowBrief {
    missing: MissingSide;
    /** noted last for the first child */
    cause: Cause | null;
    /** its make-up */
    made: LessonRef | null;
}

export interface NoShow {
    /** now or by the outcome */
    missing: MissingSide | null;
    after_ms: Millis;
    /** that may be noted now */
    causes: Cause[];
    children: NoShowChild[];
    make_up: MakeUp;
    version: number;
}

export interface NoShowChild {
    child: Person;
    cause: Cause | null;
    /** oldest first */
    history: Amendment[];
}

export interface MakeUp {
    may: boolean;
    why_not: Gate | null;
    made: LessonRef | null;
    until: CalendarDate;
    /** the best free times - the usual time of the next days first */
    slots: Slot[];
    /** if there is no slot: rules that the usual time breaks */
    in_the_way: Obstacle[];
    /** if there is no slot - what fails at the times that are free */
    gates: GateState[];
}

export interface Obstacle {
    rule: ConflictRule;
    number: number;
    /** on so many of the days */
    days: number;
}

export interface MakeUpNew {
    start: Time;
}

export interface Seat {
    person: Person;
    seat: 'child' | 'mentor' | 'guardian' | 'coordinator';
    present: boolean;
    mic: boolean;
    camera: boolean;
    screen: boolean;
    hand: boolean;
    resting: boolean;
    since: Time;
    loss_permille: number;
    rtt_ms: number;
}

export interface DoorEvent {
    at: Time;
    kind: 'refused' | 'joined' | 'left' | 'lost' | 'taken_over' | 'rest' | 'visitor' | 'help' | 'not_today' | 'ready_failed';
    /** refused: an Admit code; others: null or a word of their own */
    code: string | null;
    person: Person | null;
    lesson: Id | null;
    /** alike events in a row */
    count: number;
}

export interface Timetable {
    date: CalendarDate;
    tz: Zone;
    now: Time;
    rows: TimetableRow[];
}

export interface TimetableRow {
    mentor: Person;
    lessons: Lesson[];
}

export interface Week {
    /** whose week */
    name: string;
    tz: Zone;
    now: Time;
    days: WeekDay[];
    /** by start */
    lessons: Lesson[];
    /** of a child's week */
    hatches: Hatch[];
    /** lessons of the week beyond the first 300 */
    more: number;
}

export interface WeekDay {
    date: CalendarDate;
    /** of the child's school */
    holiday: boolean;
}

export interface Feed {
    /** null without one */
    since: Time | null;
    /** path of the feed, told once */
    address: string | null;
}

export type EventKind = 'seminar' | 'joint_meeting' | 'conference';

export type EventPart = 'host' | 'speaker' | 'listener';

/** none: not said yet */
export type EventAnswer = 'none' | 'yes' | 'maybe' | 'no';

/** none: not said yet */
export type EventMark = 'none' | 'present' | 'late' | 'absent';

export type EventMinutes = 'draft' | 'frozen' | 'signed';

export interface EventInvite {
    person: Person;
    part: EventPart;
    via: 'person' | 'role' | 'school' | 'exception';
    child: boolean;
    /** why a child is invited */
    exception: string | null;
    /** of a child: its guardian's */
    answer: EventAnswer;
    note: string | null;
    answered: Time | null;
    answered_by: Person | null;
    mark: EventMark;
    /** the person signed in itself */
    self: boolean;
}

export interface EventBrief {
    id: Id;
    kind: EventKind;
    title: string;
    /** where, or the address of the call */
    place: string;
    tz: Zone;
    start: Time;
    end: Time;
    answer_by: Time;
    state: 'planned' | 'cancelled';
    minutes: EventMinutes;
    /** the reader's own invitation and those of the children it answers for */
    mine: EventInvite[];
}

export interface EventPage {
    items: EventBrief[];
    next: Cursor;
}

export interface EventItem {
    title: string;
    speaker: Person | null;
    /** somebody from outside */
    speaker_name: string | null;
    minutes: number;
}

export interface EventDecision {
    text: string;
    who: Person | null;
    /** somebody from outside */
    who_name: string | null;
    due: CalendarDate | null;
}

export interface EventCounts {
    invited: Count;
    yes: Count;
    maybe: Count;
    no: Count;
    silent: Count;
    present: Count;
    late: Count;
    absent: Count;
    unmarked: Count;
}

export interface EventQuorum {
    /** adults who have to be there */
    needed: number;
    present: Count;
    holds: boolean;
}

export interface EventSignatures {
    /** null: the minutes are open */
    frozen: Time | null;
    chair: Time | null;
    secretary: Time | null;
}

export interface EventAddendum {
    text: string;
    at: Time;
    by: Person;
}

/** what the reader can do with it now */
export interface EventMay {
    change: boolean;
    write: boolean;
    add: boolean;
    sign: boolean;
    check_in: boolean;
}

export interface Event {
    id: Id;
    kind: EventKind;
    title: string;
    /** where, or the address of the call */
    place: string;
    tz: Zone;
    start: Time;
    end: Time;
    answer_by: Time;
    state: 'planned' | 'cancelled';
    minutes: EventMinutes;
    mine: EventInvite[];
    about: string | null;
    /** of the last move or why it was called off */
    reason: string | null;
    chair: Person;
    secretary: Person;
    organiser: Person;
    agenda: EventItem[];
    /** empty but for coordinators and the secretary */
    invites: EventInvite[];
    counts: EventCounts;
    /** null: this kind asks for none */
    quorum: EventQuorum | null;
    /** of the minutes */
    text: string | null;
    decisions: EventDecision[];
    signatures: EventSignatures;
    addenda: EventAddendum[];
    may: EventMay;
}

export interface EventPerson {
    id: Id;
    name: string;
    role: Role;
}

export interface EventSchool {
    id: Id;
    name: string;
}

export interface EventPeople {
    /** by name, each role of a person once */
    people: EventPerson[];
    schools: EventSchool[];
    /** of the centre */
    tz: Zone;
}

export interface EventItemNew {
    title: string;
    minutes: number;
    /** an adult of the centre */
    speaker?: Id;
    /** instead of speaker */
    speaker_name?: string;
}

export interface EventNew {
    kind: EventKind;
    title: string;
    about: string;
    /** an adult of the centre */
    chair: Id;
    /** another adult of the centre */
    secretary: Id;
    agenda: EventItemNew[];
    place: string;
    date: CalendarDate;
    time: Clock;
    minutes: number;
    pick?: Pick;
    /** the last day for answers; without it a day before, by the centre's setting */
    answer_by?: CalendarDate;
}

export interface EventChange {
    kind: EventKind;
    title: string;
    about: string;
    chair: Id;
    secretary: Id;
    agenda: EventItemNew[];
    answer_by?: CalendarDate;
}

export interface EventMove {
    place: string;
    date: CalendarDate;
    time: Clock;
    minutes: number;
    pick?: Pick;
    answer_by?: CalendarDate;
    reason: Reason;
}

export interface EventCancel {
    reason: Reason;
}

/** at least one of the three lists names somebody */
export interface EventInvitation {
    part: 'speaker' | 'listener';
    people: Id[];
    roles: ('guardian' | 'mentor' | 'coordinator' | 'school_officer')[];
    schools: Id[];
}

export interface EventChildInvitation {
    child: Id;
    reason: Reason;
}

export interface EventWithdrawal {
    user: Id;
}

export interface EventReply {
    answer: 'yes' | 'maybe' | 'no';
    note?: string;
    /** a child; without it oneself */
    person?: Id;
}

export interface EventMarkNew {
    user: Id;
    mark: 'present' | 'late' | 'absent';
}

export interface EventMarks {
    marks: EventMarkNew[];
}

export interface EventDecisionNew {
    text: string;
    /** an adult of the centre */
    who?: Id;
    /** instead of who */
    who_name?: string;
    due?: CalendarDate;
}

export interface EventMinutesEdit {
    text: string;
    decisions: EventDecisionNew[];
}

export interface EventAddendumNew {
    text: string;
}

export interface ScheduleVersionPage {
    items: ScheduleVersion[];
    next: Cursor;
}

export interface SchedulePublish {
    /** the published version that the diff was shown against */
    against?: number;
    reason?: Reason;
}

export interface LessonNamed {
    lesson: Id;
}

export interface PlanMove {
    lesson: Id;
    mentor?: Id;
    date: CalendarDate;
    time: Clock;
    minutes: number;
    pick?: Pick;
}

export interface Replan {
    mentor?: Id;
    date: CalendarDate;
    time: Clock;
    minutes: number;
    pick?: Pick;
}

export interface PlannedLessonPage {
    items: PlannedLesson[];
    next: Cursor;
}

export interface PlannedLesson {
    lesson: LessonBrief;
    /** for If-Match */
    version: number;
    /** the lesson of the timetable that it stands for */
    replaces: LessonBrief | null;
    /** these hold up publishing */
    conflicts: Conflict[];
    warnings: Conflict[];
    /** with conflicts - free for everybody on the lesson */
    free_slots: Slot[];
}

export interface ScheduleDiff {
    version: ScheduleVersion;
    /** the published version, 0: none yet */
    against: number;
    rows: DiffRow[];
    /** lines beyond the first 300 */
    more: number;
    counts: {
        new: Count;
        moved: Count;
        swapped: Count;
        gone: Count;
    };
    /** people whose lessons change */
    told: number;
    /** a change comes late (R19) */
    reason_needed: boolean;
    /** a line speaks of a lesson that was changed since */
    outdated: boolean;
}

/** swapped: the same time with another mentor */
export interface DiffRow {
    kind: 'new' | 'moved' | 'swapped' | 'gone';
    before: LessonBrief | null;
    after: LessonBrief | null;
    /** of the planned lesson, for If-Match; 0 without one */
    version: number;
    late: boolean;
    /** the lesson before was changed since it was put into the draft */
    changed: boolean;
    told: Person[];
}

/** A part of a day that lessons may not have, never with a reason. rest: no lessons that day · holiday · closed: outside the hours that are allowed · treatment */
export interface Hatch {
    kind: 'rest' | 'holiday' | 'closed' | 'treatment';
    date: CalendarDate;
    /** minute of the day */
    from: number;
    to: number;
}

export interface Attendance {
    lesson: LessonBrief;
    /** false: the lesson has not ended, the numbers still grow, outcome and codes are null */
    final: boolean;
    algo_version: number;
    outcome: Outcome | null;
    contact_ms: Millis;
    planned_ms: Millis;
    percent_tenths: PercentTenths;
    mentor: Presence;
    children: ChildAttendance[];
    visitors: Visitor[];
}

export interface Presence {
    presence_ms: Millis;
    first: Time | null;
    last: Time | null;
    late_ms: Millis;
    early_ms: Millis;
    overrun_ms: Millis;
    gaps: Count;
    gaps_ms: Millis;
}

export interface ChildAttendance {
    child: Person;
    at: Presence;
    contact_ms: Millis;
    percent_tenths: PercentTenths;
    outcome: Outcome | null;
    auto_code: Code | null;
    /** the last amendment's, or auto_code */
    code: Code | null;
    /** lost to server restarts */
    uncertain_ms: Millis;
    strip: Strip;
    amendments: Amendment[];
    confirmation: Confirmation | null;
}

export interface Amendment {
    /** none before the first cause noted during the lesson */
    old: Code | null;
    new: Code;
    reason: string;
    document: string | null;
    by: Person;
    /** the role in which it was made */
    title: Role;
    at: Time;
}

export interface AmendmentNew {
    child: Id;
    /** a human code */
    code: 'I' | 'M' | 'C' | 'U' | 'X' | 'H';
    reason: Reason;
    /** number of the paper; at most 64 bytes */
    document?: string;
}

export interface Visitor {
    person: Person;
    seat: 'guardian' | 'coordinator';
    from: Time;
    to: Time;
}

export interface ConfirmationNew {
    child: Id;
    result: 'confirmed' | 'disputed';
    /** needed with disputed; at most 400 bytes */
    text?: string;
}

export interface Confirmation {
    result: 'confirmed' | 'disputed';
    at: Time;
    text: string | null;
    /** disputed: the centre answers by then */
    answer_by: Time | null;
}

export interface ConfirmMany {
    lessons: Id[];
}

export interface Confirmed {
    confirmed: Count;
}

export interface ChildLog {
    child: Person;
    school: School;
    month: Month;
    /** the child's zone; days are days there */
    tz: Zone;
    now: Time;
    recording: 'off';
    summary: LogSummary;
    visitors: Visitor[];
    /** newest first */
    days: LogDay[];
}

/** of the lessons that are over; planned = held + part + teacher_missing + child_missing + technical + ill + other */
export interface LogSummary {
    planned: Count;
    held: Count;
    part: Count;
    teacher_missing: Count;
    child_missing: Count;
    technical: Count;
    ill: Count;
    other: Count;
    cancelled: Count;
    contact_ms: Millis;
    /** lessons a guardian has not confirmed yet */
    to_confirm: Count;
}

export interface LogDay {
    date: CalendarDate;
    /** by start */
    lessons: LogLesson[];
}

export interface LogLesson {
    id: Id;
    kind: LessonKind;
    subject: SubjectCode;
    start: Time;
    end: Time;
    state: LessonState;
    chip: Chip;
    mentor: Person;
    /** null until it is over or if it was cancelled */
    outcome: Outcome | null;
    code: Code | null;
    contact_ms: Millis;
    planned_ms: Millis;
    late_ms: Millis;
    gaps: Count;
    gaps_ms: Millis;
    /** when the child asked for rest and left */
    rest_at: Time | null;
    made_up_by: LessonRef | null;
    topic: string | null;
    homework: string | null;
    mark: Mark;
    strip: Strip;
    confirmation: Confirmation | null;
}

export interface ReportPage {
    month: Month;
    items: ReportItem[];
    next: Cursor;
}

export interface ReportItem {
    id: ReportId;
    month: Month;
    tz: Zone;
    mentor: Person;
    child: Person;
    grade: number;
    school: School;
    state: ReportState;
    due: Time;
    planned: Count;
    held: Count;
    partial: Count;
    not_held: Count;
    cancelled: Count;
    contact_ms: Millis;
    notes_missing: Count;
    version: number;
    overdue: boolean;
    reminder: ReportReminder;
    copy: ReportCopy | null;
}

/** not_due: the month is not over · accepted: the copy for the school waits · duplicated: the school has it */
export type ReportState = 'not_due' | 'due' | 'draft' | 'submitted' | 'returned' | 'accepted' | 'duplicated' | 'acknowledged';

/** what the mentor is to be told now */
export type ReportReminder = 'none' | 'first' | 'last' | 'overdue';

/** the copy for the school of registration */
export interface ReportCopy {
    /** of the PDF */
    sha256: string;
    queued: Time;
    /** null: nobody of the school can open it yet */
    sent: Time | null;
    opened: Time | null;
    acknowledged: Time | null;
}

export interface ReportStep {
    step: 'submitted' | 'returned' | 'accepted' | 'corrected';
    at: Time;
    by: Person;
    /** never shown to a school */
    note: string | null;
}

/** against the version before */
export interface ReportDifference {
    /** of the line; null for the head and the totals */
    no: number | null;
    lesson: Id | null;
    /** "line" for a line that came or went */
    field: string;
    before: string | null;
    after: string | null;
}

export interface MarkChanges {
    items: MarkChange[];
}

export interface MarkChange {
    child: Id;
    before: Mark;
    after: Mark;
    reason: string | null;
    at: Time;
    by: Person;
}

export interface LessonMark {
    lesson: Id;
    date: CalendarDate;
    mark: Mark;
}

export interface ChildMarks {
    child: Person;
    subjects: SubjectMarks[];
}

export interface SubjectMarks {
    subject: SubjectCode;
    lessons: LessonMark[];
    terms: TermMark[];
}

export interface TermMark {
    kind: TermKind;
    from: CalendarDate;
    to: CalendarDate;
    mark: Mark;
    reason: string | null;
}

export type TermKind = 'quarter' | 'half';

export interface SheetPage {
    items: SheetItem[];
    next: Cursor;
}

export interface SheetItem {
    id: SheetId;
    kind: TermKind;
    from: CalendarDate;
    to: CalendarDate;
    /** of the school of registration */
    tz: Zone;
    mentor: Person;
    child: Person;
    grade: number;
    school: School;
    version: number;
    state: ReportState;
    overdue: boolean;
    due: Time;
    reminder: ReportReminder;
    copy: ReportCopy | null;
    /** lines of the sheet */
    subjects: Count;
    /** of them with a mark */
    set: Count;
}

export interface MarkSheet {
    id: SheetId;
    kind: TermKind;
    from: CalendarDate;
    to: CalendarDate;
    /** of the school of registration */
    tz: Zone;
    mentor: Person;
    child: Person;
    grade: number;
    school: School;
    version: number;
    centre: string;
    register_no: string;
    /** head of the register's hash chain */
    log_hash: string;
    printed_at: Time;
    subjects: SheetSubject[];
    differences: SheetDifference[];
    state: ReportState;
    overdue: boolean;
    due: Time;
    reminder: ReportReminder;
    /** of the ETag; 0: nothing is stored yet */
    rev: number;
    /** the newest version that the reader may see */
    newest: number;
    /** the accepted content, not made anew */
    frozen: boolean;
    steps: ReportStep[];
    copy: ReportCopy | null;
    /** what the reader may do as far as its state goes */
    moves: ('edit' | 'submit' | 'return' | 'accept' | 'correct' | 'acknowledge')[];
    holds: ReportHold | null;
}

export interface SheetSubject {
    subject: SubjectCode;
    /** lessons wholly or partly */
    held: Count;
    /** by the child */
    missed: Count;
    /** lessons not over or not computed yet */
    unresolved: Count;
    current: LessonMark[];
    /** of the marks 2..5, floored */
    mean_hundredths: number | null;
    proposed: Mark;
    mark: Mark;
    reason: string | null;
}

/** against the version before */
export interface SheetDifference {
    subject: SubjectCode;
    field: 'mark' | 'reason' | 'mean_hundredths' | 'held' | 'missed';
    before: string | null;
    after: string | null;
}

export interface SheetMarksEdit {
    marks: SheetMarkEdit[];
}

export interface SheetMarkEdit {
    subject: SubjectCode;
    mark: '2' | '3' | '4' | '5' | 'not_attested' | 'released' | 'pass' | 'fail';
    /** at most 400 bytes */
    reason?: string | null;
}

export interface SheetDeliveryPage {
    items: SheetDelivery[];
    next: Cursor;
}

export interface SheetDelivery {
    sheet: SheetItem;
    version: number;
    queued: Time;
    sent: Time | null;
    why: 'no_officer' | 'unopened';
}

/** what in the report stands in the way of the next move */
export interface ReportHold {
    code: Gate;
    /** number of the first line at fault */
    line: number | null;
}

export interface ReportTextsEdit {
    /** why there was no lesson */
    empty_reason: string;
    progress: string;
    difficulties: string;
    next_month: string;
}

export interface ReportNote {
    note: string;
}

export interface ReportAcknowledgements {
    reports: ReportId[];
}

export interface MarkSheetAcknowledgements {
    sheets: SheetId[];
}

export interface Acknowledged {
    acknowledged: Count;
}

export interface DeliveryPage {
    items: Delivery[];
    next: Cursor;
}

export interface Delivery {
    report: ReportId;
    version: number;
    mentor: Person;
    child: Person;
    school: School;
    queued: Time;
    sent: Time | null;
    why: 'no_officer' | 'unopened';
}

export interface Wellbeing {
    text: string | null;
    at: Time | null;
}

export interface Timesheet {
    month: Month;
    last_day: number;
    rows: TimesheetRow[];
    lessons: TimesheetLesson[];
}

/** only what was really given counts; a day and a month are the school's */
export interface TimesheetRow {
    mentor: Person;
    school: School;
    /** quarters of a unit credited on each day */
    days: number[];
    credit_quarters: Count;
    /** of them taught for another mentor */
    substitute_quarters: Count;
    days_worked: Count;
    /** computed */
    lessons: Count;
    /** not computed yet; they count nothing */
    open: Count;
}

export interface TimesheetLesson {
    /** index in rows */
    row: number;
    day: number;
    tz: Zone;
    start: Time;
    end: Time;
    subject: SubjectCode;
    /** quarters of an hour together, rounded down; null while not computed */
    quarters: number | null;
    credit_quarters: number;
    substitute: boolean;
}

export type FiguresBy = 'centre' | 'school' | 'mentor' | 'subject' | 'month';

export type FigureName = 'planned' | 'ahead' | 'held' | 'partial' | 'not_held' | 'no_show' | 'child_no_show' | 'mentor_no_show' | 'both_no_show' | 'technical' | 'tech_child' | 'tech_mentor' | 'tech_server' | 'no_overlap' | 'too_short' | 'cancelled' | 'cancelled_child' | 'cancelled_mentor' | 'cancelled_school' | 'cancelled_centre' | 'moved' | 'contact';

/** what became of the row: ahead, moved, cancelled by a side, or its outcome */
export type FigureKind = 'ahead' | 'moved' | 'cancelled_none' | 'cancelled_child' | 'cancelled_mentor' | 'cancelled_school' | 'cancelled_centre' | 'held' | 'tech_server' | 'both_no_show' | 'teacher_no_show' | 'tech_teacher' | 'child_no_show' | 'tech_child' | 'no_overlap' | 'partial' | 'not_held';

export interface FiguresTable {
    from: Month;
    to: Month;
    by: FiguresBy;
    definitions: FigureDefinition[];
    groups: FiguresGroup[];
    total: {
        figures: Figures;
        shares: FigureShares;
    };
}

/** the sentence that is printed beside the figure, the same on the page and in the CSV */
export interface FigureDefinition {
    figure: 'planned' | 'ahead' | 'held' | 'partial' | 'not_held' | 'no_show' | 'child_no_show' | 'mentor_no_show' | 'both_no_show' | 'technical' | 'tech_child' | 'tech_mentor' | 'tech_server' | 'no_overlap' | 'too_short' | 'cancelled' | 'cancelled_child' | 'cancelled_mentor' | 'cancelled_school' | 'cancelled_centre' | 'moved' | 'contact' | 'held_share' | 'no_show_share' | 'technical_share';
    unit: 'lessons' | 'ms' | 'percent_tenths';
    name: FigureText;
    about: FigureText;
}

export interface FigureText {
    ru: string;
    en: string;
}

export interface FiguresGroup {
    /** id of the centre or school, user id of the mentor, code of the subject, or the month */
    key: string;
    /** of the centre, school or mentor; null where the page has its own words */
    name: string | null;
    figures: Figures;
    shares: FigureShares;
}

export interface Figures {
    planned: Count;
    ahead: Count;
    held: Count;
    partial: Count;
    not_held: Count;
    no_show: Count;
    child_no_show: Count;
    mentor_no_show: Count;
    both_no_show: Count;
    technical: Count;
    tech_child: Count;
    tech_mentor: Count;
    tech_server: Count;
    no_overlap: Count;
    too_short: Count;
    cancelled: Count;
    cancelled_child: Count;
    cancelled_mentor: Count;
    cancelled_school: Count;
    cancelled_centre: Count;
    moved: Count;
    /** milliseconds */
    contact: number;
}

/** tenths of a percent of the lessons that are due, rounded down; null while none is due */
export interface FigureShares {
    held_share: number | null;
    no_show_share: number | null;
    technical_share: number | null;
}

export interface FiguresRow {
    lesson: Id;
    start: Time;
    end: Time;
    /** of the school */
    tz: Zone;
    subject: SubjectCode;
    mentor: Person;
    child: Person;
    school: School;
    kind: FigureKind;
    contact_ms: number;
}

export interface FiguresRowPage {
    items: FiguresRow[];
    next: string | null;
}

export interface ReportArchiveNew {
    /** that has begun */
    month: Month;
}

export interface ReportArchiveList {
    archives: ReportArchive[];
}

export interface ReportArchiveFile {
    bytes: number;
    /** so long it is kept */
    until: Time;
}

export interface ReportArchive {
    id: Id;
    month: Month;
    state: 'queued' | 'running' | 'done' | 'stopped' | 'failed';
    /** asked: stopped · restart, records: failed */
    cause: 'none' | 'asked' | 'restart' | 'records';
    asked_by: Person;
    asked_at: Time;
    begun_at: Time | null;
    ended_at: Time | null;
    progress: {
        percent: number;
        ms: number;
    };
    /** in the month */
    reports: Count;
    /** of them as they were accepted */
    accepted: Count;
    /** of them somebody still has to act on */
    waiting: Count;
    file: ReportArchiveFile | null;
    /** there was a file, and its days are over */
    swept: boolean;
}

export interface WellbeingEdit {
    text: string;
}

export interface Report {
    id: ReportId;
    month: Month;
    /** of the school of registration */
    tz: Zone;
    state: ReportState;
    due: Time;
    version: number;
    texts: ReportTexts;
    centre: string;
    school: School;
    mentor: Person;
    order_no: string;
    week_minutes: number;
    child: Person;
    register_no: string;
    grade: number;
    algo_version: number;
    /** head of the register's hash chain */
    log_hash: string;
    printed_at: Time;
    lines: ReportLine[];
    totals: ReportTotals;
    overdue: boolean;
    reminder: ReportReminder;
    /** of the ETag; 0: nothing is stored yet */
    rev: number;
    /** the newest version that the reader may see */
    newest: number;
    /** the accepted content, not made anew */
    frozen: boolean;
    steps: ReportStep[];
    copy: ReportCopy | null;
    /** what the reader may do as far as its state goes */
    moves: ('edit' | 'submit' | 'return' | 'accept' | 'correct' | 'acknowledge')[];
    holds: ReportHold | null;
    differences: ReportDifference[];
}

/** what the mentor writes; null while nothing is written */
export interface ReportTexts {
    empty_reason: string | null;
    progress: string | null;
    difficulties: string | null;
    next_month: string | null;
}

export interface ReportLine {
    no: number;
    lesson: Id;
    date: CalendarDate;
    start: Time;
    end: Time;
    status: 'ahead' | 'over' | 'cancelled' | 'moved';
    /** of a cancellation */
    side: Side | null;
    subject: SubjectCode;
    topic: string | null;
    homework: string | null;
    mark: Mark;
    /** first contact */
    first: Time | null;
    /** end of the last contact */
    last: Time | null;
    contact_ms: Millis;
    percent_tenths: PercentTenths;
    /** status over only */
    outcome: Outcome | null;
    code: Code | null;
    /** a human changed the automatic code */
    amended: boolean;
    reason: string | null;
    document: string | null;
    late_ms: Millis;
    early_ms: Millis;
    mentor_late_ms: Millis;
    gaps: Count;
    gaps_ms: Millis;
    gap_causes: LeaveCause[];
    uncertain_ms: Millis;
    screen_ms: Millis;
    credit_quarters: number;
    waited: boolean;
    make_up_of: Id | null;
    make_up_by: Id | null;
    /** silent: seven days passed without a word */
    family: 'open' | 'confirmed' | 'silent' | 'disputed';
}

/** recomputed from the lines; a report whose totals differ is refused (500 `internal`), never shown */
export interface ReportTotals {
    /** every line but the moved ones */
    planned: Count;
    /** not over yet */
    ahead: Count;
    held: Count;
    partial: Count;
    not_held: Count;
    by_outcome: ByOutcome;
    cancelled: Count;
    cancelled_by: CancelledBy;
    moved: Count;
    make_ups_done: Count;
    make_ups_owed: Count;
    contact_ms: Millis;
    screen_ms: Millis;
    credit_quarters: Count;
    /** the mentor waited for a child who did not come */
    waited: Count;
    /** lines with the child late */
    late: Count;
    /** lessons the child missed */
    missed: Count;
    missed_ill: Count;
    /** days on which every lesson was missed */
    days_missed: Count;
}

export interface ByOutcome {
    held: Count;
    tech_server: Count;
    both_no_show: Count;
    teacher_no_show: Count;
    tech_teacher: Count;
    child_no_show: Count;
    tech_child: Count;
    no_overlap: Count;
    partial: Count;
    not_held: Count;
}

export interface CancelledBy {
    child: Count;
    mentor: Count;
    school: Count;
    centre: Count;
}

export interface ChildPage {
    items: ChildItem[];
    next: Cursor;
}

export interface ChildItem {
    child: Person;
    grade: number;
    school: School;
    tz: Zone;
    mentors: Assigned[];
}

export interface Assigned {
    mentor: Person;
    subject: SubjectCode;
    lead: boolean;
}

export interface MentorPage {
    items: MentorItem[];
    next: Cursor;
}

export interface MentorItem {
    mentor: Person;
    tz: Zone;
    phone: string | null;
    subjects: SubjectCode[];
    schools: School[];
}

export interface SubjectList {
    items: SubjectItem[];
}

export interface SubjectItem {
    code: SubjectCode;
    bring: Thing[];
}

export type ReferralState = 'draft' | 'submitted' | 'incomplete' | 'under_review' | 'accepted' | 'refused' | 'withdrawn';

/** a paper that has run out is missing, too */
export type ReferralItem = 'child_name' | 'birth_date' | 'grade' | 'guardian_name' | 'guardian_phone' | 'application' | 'consent' | 'basis' | 'recommendation' | 'basis_scan' | 'recommendation_scan';

export type ReferralRefusal = 'no_ground' | 'not_our_school' | 'duplicate' | 'family_declined' | 'other';

export type Equipment = 'headset' | 'large_screen' | 'large_keyboard' | 'switch' | 'tablet' | 'bed_mount' | 'hearing_loop';

export type ValidityState = 'absent' | 'ahead' | 'valid' | 'expired';

/** name and birth date, with or without the school */
export type AlikeKind = 'same' | 'other_school';

export type CaseState = 'open' | 'mentor_search' | 'programme_pending' | 'programme_approved' | 'schedule_ready' | 'staff_ready' | 'active' | 'suspended' | 'closed';

export type CaseReason = 'hospital' | 'paper_expired' | 'school_change' | 'consent' | 'recovered' | 'left' | 'finished';

export type CaseGate = 'basis' | 'recommendation' | 'consent' | 'guardian' | 'mentor' | 'programme' | 'schedule' | 'staff' | 'school' | 'at_home';

/** of the child's local day */
export interface Hours {
    from: Clock;
    to: Clock;
}

/** id, version, declared, difference, changed: null while the school has declared nothing */
export interface NeedReturn {
    id: Id | null;
    version: Count | null;
    school: School;
    period: Month;
    declared: Count | null;
    /** referrals first submitted in the month and not withdrawn */
    received: Count;
    /** declared - received: not 0 wants a look */
    difference: number | null;
    /** the school may still declare and correct */
    open: boolean;
    changed: Time | null;
}

export interface NeedReturnPage {
    items: NeedReturn[];
    next: Cursor;
}

export interface NeedReturnNew {
    period: Month;
    count: number;
}

export interface NeedReturnCount {
    count: number;
}

/** a child of the register or an open referral that may be the same */
export interface Alike {
    alike: AlikeKind;
    child: Person | null;
    referral: Id | null;
    name: string;
    school: School;
}

export interface ReferralLine {
    id: Id;
    version: Count;
    state: ReferralState;
    school: School;
    child_name: string | null;
    birth_date: CalendarDate | null;
    missing: ReferralItem[];
    submitted: Time | null;
    waiting_days: Count;
    /** waits longer than the policy allows */
    overdue: boolean;
    /** null also for the school */
    reviewer: Person | null;
    /** the centre only */
    alike: Alike[];
}

export interface ReferralPage {
    items: ReferralLine[];
    next: Cursor;
}

export interface Validity {
    state: ValidityState;
    from: CalendarDate | null;
    to: CalendarDate | null;
    /** 0 on the last day; null unless valid */
    days_left: number | null;
    /** the nearest threshold reached: 30, 14 or 3 days */
    alert: number | null;
}

export interface ReferralBasis {
    state: ValidityState;
    from: CalendarDate | null;
    to: CalendarDate | null;
    /** 0 on the last day; null unless valid */
    days_left: number | null;
    /** the nearest threshold reached: 30, 14 or 3 days */
    alert: number | null;
    issued: CalendarDate;
    /** sealed words are there */
    words: boolean;
    scan: boolean;
}

export interface ReferralRecommendation {
    state: ValidityState;
    from: CalendarDate | null;
    to: CalendarDate | null;
    /** 0 on the last day; null unless valid */
    days_left: number | null;
    /** the nearest threshold reached: 30, 14 or 3 days */
    alert: number | null;
    issued: CalendarDate;
    /** sealed words are there */
    words: boolean;
    scan: boolean;
    /** null: the doctor sets no limit */
    lesson_minutes: number | null;
    /** null: the doctor sets no limit */
    lessons_per_day: number | null;
    /** null: the doctor sets no limit */
    lessons_per_week: number | null;
    /** null: the doctor sets no limit */
    screen_minutes: number | null;
    hours: Hours | null;
    /** ISO weekdays */
    rest_days: number[];
    equipment: Equipment[];
    camera_allowed: boolean;
}

/** what the centre asks the school for */
export interface Asked {
    items: ReferralItem[];
    note: string | null;
}

export interface Referral {
    id: Id;
    version: Count;
    state: ReferralState;
    school: School;
    child_name: string | null;
    birth_date: CalendarDate | null;
    missing: ReferralItem[];
    submitted: Time | null;
    waiting_days: Count;
    /** waits longer than the policy allows */
    overdue: boolean;
    /** null also for the school */
    reviewer: Person | null;
    /** the centre only */
    alike: Alike[];
    grade: number | null;
    guardian_name: string | null;
    guardian_phone: string | null;
    /** day of the parents' written application */
    application: CalendarDate | null;
    /** day of the written consent to the handling of health data */
    consent: CalendarDate | null;
    basis: ReferralBasis | null;
    recommendation: ReferralRecommendation | null;
    asked: Asked | null;
    refusal: ReferralRefusal | null;
    /** accepted, refused or withdrawn at */
    closed: Time | null;
    withdrawn_reason: string | null;
    child: Person | null;
}

export interface BasisNew {
    issued: CalendarDate;
    from: CalendarDate;
    /** the last day, included */
    to: CalendarDate;
    document: string;
    issuer: string;
    /** several lines */
    ground: string;
}

export interface RecommendationNew {
    issued: CalendarDate;
    from: CalendarDate;
    to: CalendarDate;
    doctor: string;
    organisation: string;
    /** several lines */
    words: string;
    /** absent or null: no limit */
    lesson_minutes?: number | null;
    /** absent or null: no limit */
    lessons_per_day?: number | null;
    /** absent or null: no limit */
    lessons_per_week?: number | null;
    /** absent or null: no limit */
    screen_minutes?: number | null;
    hours?: Hours | null;
    rest_days?: number[];
    equipment?: Equipment[];
    camera_allowed: boolean;
}

/** null empties the field; an absent one stays */
export interface ReferralPatch {
    /** at most 160 bytes */
    child_name?: string | null;
    birth_date?: CalendarDate | null;
    grade?: number | null;
    /** at most 160 bytes */
    guardian_name?: string | null;
    guardian_phone?: string | null;
    application?: CalendarDate | null;
    consent?: CalendarDate | null;
    basis?: BasisNew;
    recommendation?: RecommendationNew;
}

export interface Withdrawal {
    reason: Reason;
}

export interface ReferralAsk {
    items: ReferralItem[];
    /** the school reads it: no medical word */
    note?: string;
}

export interface Decision {
    decision: 'accepted' | 'refused';
    reason: Reason;
    /** refused only, and then required; the school reads it */
    refusal?: ReferralRefusal;
    /** accepted only: user id of the child that it is */
    child?: Id;
    /** accepted only: it is none of those alike */
    new_child?: boolean;
}

/** review: to decide the referral · limits: to check a limit with the doctor, the school or the family · family: the family asks what is kept · dispute: somebody questions the decision. A word of the list: the audit holds no medical word. */
export type Why = 'review' | 'limits' | 'family' | 'dispute';

export interface MedicalWhy {
    why: Why;
}

export type ScanKind = 'basis' | 'recommendation';

export interface ScanOpen {
    kind: ScanKind;
    why: Why;
}

export interface Medical {
    basis: MedicalBasis | null;
    recommendation: MedicalRecommendation | null;
    reason: string | null;
}

export interface MedicalBasis {
    document: string;
    issuer: string;
    ground: string;
}

export interface MedicalRecommendation {
    doctor: string;
    organisation: string;
    words: string;
}

export interface CasePapers {
    basis: Validity;
    recommendation: Validity;
}

export interface SameChild {
    child: Person;
    alike: AlikeKind;
}

export interface RegisterEntry {
    child: Person;
    register_no: string;
    grade: number;
    school: School;
    birth_date: CalendarDate | null;
    /** null: from before there were cases */
    case: CaseState | null;
    papers: CasePapers;
    alike: SameChild[];
}

export interface RegisterPage {
    items: RegisterEntry[];
    next: Cursor;
}

export interface RecommendationLimits {
    state: ValidityState;
    from: CalendarDate | null;
    to: CalendarDate | null;
    /** 0 on the last day; null unless valid */
    days_left: number | null;
    /** the nearest threshold reached: 30, 14 or 3 days */
    alert: number | null;
    /** null: the doctor sets no limit */
    lesson_minutes: number | null;
    /** null: the doctor sets no limit */
    lessons_per_day: number | null;
    /** null: the doctor sets no limit */
    lessons_per_week: number | null;
    /** null: the doctor sets no limit */
    screen_minutes: number | null;
    hours: Hours | null;
    /** ISO weekdays */
    rest_days: number[];
    equipment: Equipment[];
    camera_allowed: boolean;
}

export interface ChildLimits {
    child: Person;
    limits: RecommendationLimits | null;
}

export interface CaseMissing {
    gate: CaseGate;
    owes: Role;
    /** the last day of a paper that has run out, else the policy's days after the opening */
    due: CalendarDate;
    late: boolean;
}

export interface FamilyLinkNew {
    for: 'child' | 'guardian';
}

export interface FamilyLink {
    for: 'child' | 'guardian';
    person: Person;
    /** path of the page that signs in, told once; opens once */
    address: string;
    expires: Time;
}

export interface ChildCase {
    child: Person;
    register_no: string;
    /** that opened it */
    referral: Id;
    state: CaseState;
    /** suspended and closed only */
    reason: CaseReason | null;
    missing: CaseMissing[];
    opened: Time;
    closed: Time | null;
    papers: CasePapers;
    /** for the centre, while a lead mentor is missing */
    search?: MentorSearch;
}

export interface Programme {
    id: Id;
    subject: SubjectCode;
    grade: number;
    title: string;
    /** its version */
    number: number;
    week_minutes: number;
    year_minutes: number;
}

export interface ProgrammePage {
    items: Programme[];
    next: Cursor;
}

export interface ProgrammeTopic {
    title: string;
    minutes: number;
}

export interface ProgrammeWithTopics {
    id: Id;
    subject: SubjectCode;
    grade: number;
    title: string;
    /** its version */
    number: number;
    week_minutes: number;
    year_minutes: number;
    topics: ProgrammeTopic[];
}

export interface ProgrammeNew {
    subject: SubjectCode;
    grade: number;
    title: string;
    week_minutes: number;
    year_minutes: number;
    topics: ProgrammeTopic[];
}

export interface ProgrammeLine {
    subject: SubjectCode;
    /** of the catalogue; null: an individual one */
    programme: Id | null;
    week_minutes: number;
    year_minutes: number;
    /** wished */
    lesson_minutes: number;
}

export interface ProgrammeLineNew {
    subject: SubjectCode;
    /** of the catalogue; null: an individual one */
    programme?: Id | null;
    week_minutes: number;
    year_minutes: number;
    /** wished */
    lesson_minutes: number;
}

/** minutes of the clock, or days */
export interface ProgrammeFault {
    fault: 'no_lines' | 'too_many_lines' | 'subject_twice' | 'lesson_short' | 'lesson_long' | 'week_short' | 'year_short' | 'year_long' | 'week_sum' | 'days' | 'days_long' | 'ended' | 'past_start';
    /** index; null: of the whole */
    line: number | null;
    /** minutes or days; of ended, past_start: days since 1970 */
    limit: number;
    value: number;
}

export interface ProgrammeAct {
    by: Person;
    at: Time;
}

export type ProgrammeState = 'draft' | 'proposed' | 'approved' | 'returned' | 'superseded';

export type ProgrammeMove = 'edit' | 'propose' | 'approve' | 'return';

export interface ChildProgramme {
    id: Id;
    number: number;
    /** for If-Match */
    version: number;
    state: ProgrammeState;
    from: CalendarDate;
    to: CalendarDate | null;
    /** superseded: the last day its lines hold */
    until: CalendarDate | null;
    /** of the last decision */
    reason: string;
    /** taught before there were programmes, never decided */
    carried: boolean;
    proposed: ProgrammeAct | null;
    decided: ProgrammeAct | null;
    lines: ProgrammeLine[];
    faults: ProgrammeFault[];
    /** what the person may do now */
    may: ProgrammeMove[];
}

/** by the norm of the grade and the recommendation, from today to the end of the school year */
export interface ProgrammeLimits {
    /** 0: no limit */
    week_minutes: number;
    lesson_minutes: number;
    lesson_min_minutes: number;
    year_weeks: number;
}

export interface DaySpan {
    from: CalendarDate;
    to: CalendarDate;
}

export interface ChildProgrammes {
    child: Person;
    grade: number;
    school: School;
    limits: ProgrammeLimits;
    days: DaySpan;
    may_write: boolean;
    versions: ChildProgramme[];
}

export interface ChildProgrammeDraft {
    from: CalendarDate;
    to: CalendarDate;
    lines: ProgrammeLineNew[];
}

export interface ProgrammeReason {
    reason: Reason;
}

export interface CaseClose {
    /** a word of the list and no free text: a school and a family read it */
    reason: 'recovered' | 'left' | 'finished';
}

export interface ProgrammeApproval {
    id: Id;
    child: Person;
    grade: number;
    number: number;
    by: Person;
    at: Time;
    waiting_days: Count;
    overdue: boolean;
    week_minutes: number;
    from: CalendarDate;
    to: CalendarDate | null;
    /** the person wrote in it and may not approve it */
    own: boolean;
}

export interface ProgrammeApprovalPage {
    items: ProgrammeApproval[];
    next: Cursor;
}

export interface HoursRow {
    /** 1 Monday */
    weekday: number;
    from: Clock;
    to: string;
    kind: 'free' | 'treatment' | 'rest';
    since: CalendarDate;
    until: CalendarDate | null;
}

export interface HoursRowNew {
    /** 1 Monday */
    weekday: number;
    from: Clock;
    to: string;
    kind: 'free' | 'treatment' | 'rest';
    /** absent: today */
    since?: CalendarDate | null;
    until?: CalendarDate | null;
}

export interface WeeklyHours {
    who: Person;
    tz: Zone;
    version: Count;
    may_edit: boolean;
    hours: HoursRow[];
}

export interface WeeklyHoursNew {
    hours: HoursRowNew[];
}

export interface WeekSpan {
    /** 1 Monday */
    weekday: number;
    from: Clock;
    to: string;
}

export interface SchoolTerm {
    kind: 'year' | 'half' | 'quarter';
    from: CalendarDate;
    to: CalendarDate;
}

export interface SchoolCalendar {
    school: School;
    tz: Zone;
    version: Count;
    may_edit: boolean;
    /** working hours; none: not known */
    hours: WeekSpan[];
    holidays: CalendarDate[];
    terms: SchoolTerm[];
}

export interface SchoolCalendarNew {
    /** working hours; none: not known */
    hours: WeekSpan[];
    holidays: CalendarDate[];
    terms: SchoolTerm[];
}

export interface CalendarLessons {
    count: Count;
    items: LessonBrief[];
}

export interface CandidatePart {
    part: 'qualification' | 'psychology' | 'hours' | 'load' | 'distance' | 'continuity';
    /** false: nothing is stored, no points */
    known: boolean;
    points: Count;
    weight: Count;
    /** what was found: of qualification 2 verified, 1 to be looked at; else score, minutes, lessons */
    value: number;
    /** what gives all points */
    of: number;
}

export interface Candidate {
    mentor: Person;
    standing: 'ready' | 'after_hiring' | 'barred';
    score: Count;
    eligible: boolean;
    assigned: boolean;
    parts: CandidatePart[];
    gates: GateState[];
}

export interface MentorSearch {
    /** no mentor may be chosen */
    blocked: boolean;
    candidates: Count;
    owes: MentorOwed[];
}

export interface MentorOwed {
    gate: TeachGate;
    actor: HiringActor;
    /** of those who lack least; 0: there is no mentor at all */
    mentors: number;
}

export interface Assignment {
    id: Id;
    mentor: Person;
    role: 'lead' | 'subject';
    subject: SubjectCode | null;
    from: Time;
    to: Time | null;
    reason: string;
    end_reason: string;
}

export interface AssignmentNew {
    mentor: Id;
    role: 'lead' | 'subject';
    subject?: SubjectCode;
    reason: Reason;
}

export interface Candidates {
    child: Person;
    grade: number;
    subject: SubjectCode | null;
    need_minutes: number;
    search: MentorSearch;
    case_gates: GateState[];
    items: Candidate[];
    assignments: Assignment[];
}

export interface WithoutMentor {
    child: Person;
    grade: number;
    school: School;
    since: Time;
    waiting_days: Count;
    subject_mentors: Count;
}

export interface WithoutMentorPage {
    items: WithoutMentor[];
    next: Cursor;
}

export interface WithoutPeers {
    child: Person;
    grade: number;
    school: School;
    term_from: CalendarDate;
    term_to: CalendarDate;
    last: Time | null;
    next: Time | null;
    group_consent: boolean;
}

export interface WithoutPeersPage {
    items: WithoutPeers[];
    next: Cursor;
}

export interface DecisionTimes {
    month: Month;
    accepted: Count;
    refused: Count;
    /** null: nothing was decided */
    median_days: number | null;
    longest_days: number | null;
}
