/* SPDX-License-Identifier: Apache-2.0
 *
 * The one table of rights. A cell that is not written is SCOPE_NONE: denied.
 */
#include "server/domain/access.h"

#include <stddef.h>
#include <string.h>

#define OWN SCOPE_OWN
#define KIN SCOPE_OWN_CHILDREN
#define SCHOOL SCOPE_OWN_SCHOOL
#define CENTRE SCOPE_OWN_CENTRE
#define ALL SCOPE_ALL

/* An administrator runs the program and the accounts; lessons, attendance and reports of children
 * are not theirs to read. A coordinator has no right beyond the centre's own children. */
static const unsigned char table[ROLE_COUNT][RIGHT_COUNT] = {
    [ROLE_CHILD] = {
        [RIGHT_PROFILE_VIEW] = OWN,
        [RIGHT_PROFILE_EDIT] = OWN,
        [RIGHT_MY_DAY] = OWN,
        [RIGHT_FEED_KEEP] = OWN,
        [RIGHT_NOTICE_GIVE] = OWN,
        [RIGHT_LESSON_VIEW] = OWN,
        [RIGHT_LESSON_JOIN_INFO] = OWN,
        [RIGHT_LESSON_NOTE_VIEW] = OWN,
        [RIGHT_SECTION_VIEW] = CENTRE,
        [RIGHT_CHOICE_VIEW] = OWN,
        [RIGHT_CHOICE_WISH] = OWN,
        [RIGHT_TIMETABLE_VIEW] = OWN,
        [RIGHT_EVENT_VIEW] = OWN,
        [RIGHT_PATH_VIEW] = OWN,
    },
    [ROLE_GUARDIAN] = {
        [RIGHT_PROFILE_VIEW] = OWN,
        [RIGHT_PROFILE_EDIT] = OWN,
        [RIGHT_MY_DAY] = KIN,
        [RIGHT_FEED_KEEP] = KIN,
        [RIGHT_NOTICE_GIVE] = KIN,
        [RIGHT_LESSON_VIEW] = KIN,
        [RIGHT_LESSON_JOIN_INFO] = KIN,
        [RIGHT_LESSON_NOTE_VIEW] = KIN,
        [RIGHT_CONSENT_VIEW] = KIN,
        [RIGHT_CONSENT_ANSWER] = KIN,
        [RIGHT_SECTION_VIEW] = CENTRE,
        [RIGHT_CHOICE_VIEW] = KIN,
        [RIGHT_CHOICE_WISH] = KIN,
        [RIGHT_CHOICE_CONFIRM] = KIN,
        [RIGHT_TIMETABLE_VIEW] = KIN,
        [RIGHT_EVENT_VIEW] = OWN,
        [RIGHT_EVENT_ANSWER] = OWN,
        [RIGHT_EVENT_WRITE] = OWN,
        [RIGHT_EVENT_SIGN] = OWN,
        [RIGHT_CHILD_LIST] = KIN,
        [RIGHT_ATTENDANCE_VIEW] = KIN,
        [RIGHT_LESSON_LOG_VIEW] = KIN,
        [RIGHT_LESSON_LOG_CONFIRM] = KIN,
        [RIGHT_JOIN_ATTEMPT_VIEW] = KIN,
        [RIGHT_PATH_VIEW] = KIN,
        [RIGHT_LIMITS_VIEW] = KIN,
        [RIGHT_CASE_VIEW] = KIN,
        [RIGHT_PROGRAMME_VIEW] = KIN,
        [RIGHT_CHILD_HOURS_VIEW] = KIN,
        [RIGHT_CHILD_HOURS_EDIT] = KIN,
        [RIGHT_LINK_ISSUE] = KIN,
    },
    [ROLE_MENTOR] = {
        [RIGHT_PROFILE_VIEW] = OWN,
        [RIGHT_PROFILE_EDIT] = OWN,
        [RIGHT_MY_DAY] = OWN,
        [RIGHT_FEED_KEEP] = OWN,
        [RIGHT_LESSON_VIEW] = OWN,
        [RIGHT_LESSON_JOIN_INFO] = OWN,
        [RIGHT_LESSON_END] = OWN,
        [RIGHT_LESSON_NOTE_VIEW] = OWN,
        [RIGHT_LESSON_NOTE_EDIT] = OWN,
        [RIGHT_TIMETABLE_VIEW] = OWN,
        [RIGHT_EVENT_VIEW] = OWN,
        [RIGHT_EVENT_ANSWER] = OWN,
        [RIGHT_EVENT_WRITE] = OWN,
        [RIGHT_EVENT_SIGN] = OWN,
        [RIGHT_CHILD_LIST] = OWN,
        [RIGHT_ATTENDANCE_VIEW] = OWN,
        [RIGHT_LESSON_LOG_VIEW] = OWN,
        [RIGHT_PATH_VIEW] = OWN,
        [RIGHT_REPORT_LIST] = OWN,
        [RIGHT_REPORT_VIEW] = OWN,
        [RIGHT_REPORT_EDIT] = OWN,
        [RIGHT_WELLBEING_VIEW] = OWN,
        [RIGHT_WELLBEING_EDIT] = OWN,
        [RIGHT_TIMESHEET_VIEW] = OWN,
        [RIGHT_FIGURES_VIEW] = OWN,
        [RIGHT_HIRING_VIEW] = OWN,
        [RIGHT_HIRING_EDIT] = OWN,
        [RIGHT_HIRING_STEP] = OWN,
        [RIGHT_TEACH_ASK] = OWN,
        [RIGHT_LIMITS_VIEW] = OWN,
        [RIGHT_PROGRAMME_VIEW] = OWN,
        [RIGHT_PROGRAMME_PROPOSE] = OWN,
        [RIGHT_MENTOR_HOURS_VIEW] = OWN,
        [RIGHT_MENTOR_HOURS_EDIT] = OWN,
    },
    [ROLE_COORDINATOR] = {
        [RIGHT_PROFILE_VIEW] = CENTRE,
        [RIGHT_PROFILE_EDIT] = OWN,
        [RIGHT_MY_DAY] = CENTRE,
        [RIGHT_LESSON_VIEW] = CENTRE,
        [RIGHT_LESSON_JOIN_INFO] = CENTRE,
        [RIGHT_LESSON_CREATE] = CENTRE,
        [RIGHT_LESSON_MOVE] = CENTRE,
        [RIGHT_LESSON_CANCEL] = CENTRE,
        [RIGHT_LESSON_SUBSTITUTE] = CENTRE,
        [RIGHT_LESSON_END] = CENTRE,
        [RIGHT_LESSON_NOTE_VIEW] = CENTRE,
        [RIGHT_CONSENT_VIEW] = CENTRE,
        [RIGHT_CONSENT_ENTER] = CENTRE,
        [RIGHT_SECTION_VIEW] = CENTRE,
        [RIGHT_SECTION_EDIT] = CENTRE,
        [RIGHT_CHOICE_VIEW] = CENTRE,
        [RIGHT_BOARD_VIEW] = CENTRE,
        [RIGHT_TIMETABLE_VIEW] = CENTRE,
        [RIGHT_EVENT_VIEW] = CENTRE,
        [RIGHT_EVENT_ANSWER] = OWN,
        [RIGHT_EVENT_WRITE] = CENTRE,
        [RIGHT_EVENT_SIGN] = OWN,
        [RIGHT_EVENT_KEEP] = CENTRE,
        [RIGHT_PLAN] = CENTRE,
        [RIGHT_CHILD_LIST] = CENTRE,
        [RIGHT_MENTOR_LIST] = CENTRE,
        [RIGHT_ATTENDANCE_VIEW] = CENTRE,
        [RIGHT_ATTENDANCE_AMEND] = CENTRE,
        [RIGHT_LESSON_LOG_VIEW] = CENTRE,
        [RIGHT_JOIN_ATTEMPT_VIEW] = CENTRE,
        [RIGHT_PATH_VIEW] = CENTRE,
        [RIGHT_REPORT_LIST] = CENTRE,
        [RIGHT_REPORT_VIEW] = CENTRE,
        [RIGHT_REPORT_DECIDE] = CENTRE,
        [RIGHT_WELLBEING_VIEW] = CENTRE,
        [RIGHT_TIMESHEET_VIEW] = CENTRE,
        [RIGHT_FIGURES_VIEW] = CENTRE,
        [RIGHT_NEED_RETURN_VIEW] = CENTRE,
        [RIGHT_REFERRAL_VIEW] = CENTRE,
        [RIGHT_REFERRAL_REVIEW] = CENTRE,
        [RIGHT_MEDICAL_READ] = CENTRE,
        [RIGHT_CHILD_REGISTER] = CENTRE,
        [RIGHT_LIMITS_VIEW] = CENTRE,
        [RIGHT_CASE_VIEW] = CENTRE,
        [RIGHT_PROGRAMME_VIEW] = CENTRE,
        [RIGHT_PROGRAMME_PROPOSE] = CENTRE,
        [RIGHT_PROGRAMME_DECIDE] = CENTRE,
        [RIGHT_CHILD_HOURS_VIEW] = CENTRE,
        [RIGHT_CHILD_HOURS_EDIT] = CENTRE,
        [RIGHT_MENTOR_HOURS_VIEW] = CENTRE,
        [RIGHT_MENTOR_HOURS_EDIT] = CENTRE,
        [RIGHT_CALENDAR_VIEW] = CENTRE,
        [RIGHT_CALENDAR_EDIT] = CENTRE,
        [RIGHT_CANDIDATES_VIEW] = CENTRE,
        [RIGHT_ASSIGNMENT_EDIT] = CENTRE,
        [RIGHT_CASE_CLOSE] = CENTRE,
        [RIGHT_USER_LIST] = CENTRE,
        [RIGHT_USER_MANAGE] = CENTRE,
        [RIGHT_LINK_ISSUE] = CENTRE,
        [RIGHT_SESSION_REVOKE] = CENTRE,
        [RIGHT_OUTBOX_VIEW] = CENTRE,
        [RIGHT_RETENTION_VIEW] = CENTRE,
        [RIGHT_RETENTION_CONFIRM] = CENTRE,
        [RIGHT_RETENTION_HOLD] = CENTRE,
        [RIGHT_POLICY_VIEW] = CENTRE,
        [RIGHT_AUDIT_VIEW] = CENTRE,
        [RIGHT_DATA_IMPORT] = CENTRE,
        [RIGHT_DATA_EXPORT] = CENTRE,
        [RIGHT_HIRING_VIEW] = CENTRE,
        [RIGHT_HIRING_LIST] = CENTRE,
        [RIGHT_HIRING_EDIT] = CENTRE,
        [RIGHT_HIRING_VERIFY] = CENTRE,
        [RIGHT_HIRING_STEP] = CENTRE,
        [RIGHT_TEACH_ASK] = CENTRE,
    },
    [ROLE_SCHOOL_OFFICER] = {
        [RIGHT_PROFILE_VIEW] = OWN,
        [RIGHT_PROFILE_EDIT] = OWN,
        [RIGHT_LESSON_VIEW] = SCHOOL,
        [RIGHT_TIMETABLE_VIEW] = SCHOOL,
        [RIGHT_EVENT_VIEW] = OWN,
        [RIGHT_EVENT_ANSWER] = OWN,
        [RIGHT_EVENT_WRITE] = OWN,
        [RIGHT_EVENT_SIGN] = OWN,
        [RIGHT_CHILD_LIST] = SCHOOL,
        [RIGHT_ATTENDANCE_VIEW] = SCHOOL,
        [RIGHT_REPORT_LIST] = SCHOOL,
        [RIGHT_REPORT_VIEW] = SCHOOL,
        [RIGHT_REPORT_ACKNOWLEDGE] = SCHOOL,
        [RIGHT_FIGURES_VIEW] = SCHOOL,
        [RIGHT_HIRING_VIEW] = SCHOOL,
        [RIGHT_HIRING_LIST] = SCHOOL,
        [RIGHT_HIRING_STEP] = SCHOOL,
        [RIGHT_NEED_RETURN_VIEW] = SCHOOL,
        [RIGHT_NEED_RETURN_EDIT] = SCHOOL,
        [RIGHT_REFERRAL_VIEW] = SCHOOL,
        [RIGHT_REFERRAL_WRITE] = SCHOOL,
        [RIGHT_LIMITS_VIEW] = SCHOOL,
        [RIGHT_CASE_VIEW] = SCHOOL,
        [RIGHT_PROGRAMME_VIEW] = SCHOOL,
        [RIGHT_PROGRAMME_PROPOSE] = SCHOOL,
        [RIGHT_CALENDAR_VIEW] = SCHOOL,
        [RIGHT_CALENDAR_EDIT] = SCHOOL,
    },
    [ROLE_ADMIN] = {
        [RIGHT_PROFILE_VIEW] = ALL,
        [RIGHT_PROFILE_EDIT] = OWN,
        [RIGHT_USER_LIST] = ALL,
        [RIGHT_USER_MANAGE] = ALL,
        [RIGHT_LINK_ISSUE] = ALL,
        [RIGHT_SESSION_REVOKE] = ALL,
        [RIGHT_SECOND_STEP_RESET] = ALL,
        [RIGHT_OUTBOX_VIEW] = ALL,
        [RIGHT_WEBHOOK_KEEP] = CENTRE,
        [RIGHT_RETENTION_VIEW] = ALL,
        [RIGHT_RETENTION_ASK] = ALL,
        [RIGHT_RETENTION_CONFIRM] = ALL,
        [RIGHT_RETENTION_HOLD] = ALL,
        [RIGHT_POLICY_VIEW] = ALL,
        [RIGHT_POLICY_EDIT] = ALL,
        [RIGHT_AUDIT_VIEW] = ALL,
        [RIGHT_SYSTEM_VIEW] = ALL,
    },
};

#undef OWN
#undef KIN
#undef SCHOOL
#undef CENTRE
#undef ALL

static const char *const role_names[ROLE_COUNT] = {
#define X(code, name) [ROLE_##code] = name,
    ROLE_LIST(X)
#undef X
};

static const char *const right_names[RIGHT_COUNT] = {
#define X(code, name) [RIGHT_##code] = name,
    RIGHT_LIST(X)
#undef X
};

static const char *const scope_names[SCOPE_COUNT] = {
#define X(code, name) [SCOPE_##code] = name,
    SCOPE_LIST(X)
#undef X
};

enum scope access_scope(enum role role, enum right right)
{
    if ((unsigned)role >= ROLE_COUNT || (unsigned)right >= RIGHT_COUNT)
        return SCOPE_NONE;
    return (enum scope)table[role][right];
}

bool scope_covers(enum scope scope, struct relation to)
{
    switch (scope) {
    case SCOPE_ALL:
        return true;
    case SCOPE_OWN_CENTRE:
        return to.own_centre;
    case SCOPE_OWN_SCHOOL:
        return to.own_school;
    case SCOPE_OWN_CHILDREN:
        return to.own_child;
    case SCOPE_OWN:
        return to.own;
    case SCOPE_NONE:
    case SCOPE_COUNT:
        break;
    }
    return false;
}

bool access_may(enum role role, enum right right, struct relation to)
{
    return scope_covers(access_scope(role, right), to);
}

const char *role_name(enum role r)
{
    return (unsigned)r < ROLE_COUNT ? role_names[r] : "none";
}

bool role_parse(const char *name, enum role *out)
{
    for (unsigned i = ROLE_NONE + 1; name && i < ROLE_COUNT; i++) {
        if (strcmp(role_names[i], name) == 0) {
            *out = (enum role)i;
            return true;
        }
    }
    return false;
}

const char *right_name(enum right r)
{
    return (unsigned)r < RIGHT_COUNT ? right_names[r] : "none";
}

const char *scope_name(enum scope s)
{
    return (unsigned)s < SCOPE_COUNT ? scope_names[s] : "none";
}
