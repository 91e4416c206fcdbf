/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of the timetable's rules (DOMAIN section 5): the rules by name, a
 * lesson as they see it, a violation, and the checks that need no more than
 * lessons and a zone. What needs facts about people (limits, norms, hours,
 * programmes) stands in schedule_facts.h, the numbers in schedule_policy.c. A violation
 * names the rule, its limit and both lessons, so that a refusal can say what
 * is in the way; schedule_free_slots says what would fit instead.
 *
 * Intervals are half-open: 10:00-10:40 and 10:40-11:20 touch without overlap.
 */
#ifndef PARTA_DOMAIN_SCHEDULE_H
#define PARTA_DOMAIN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/lesson.h"
#include "server/domain/zone.h"

/* code, number of the rule in DOMAIN section 5, name on the wire */
#define SCHEDULE_RULE_LIST(X)                                                                      \
    X(NONE, 0, "none")                                                                             \
    X(ORDER, 1, "end_before_start")          /* end <= start, or nobody to teach */                \
    X(TOO_SHORT, 1, "too_short")             /* limit, value: minutes */                           \
    X(TOO_LONG, 1, "too_long")               /* limit, value: minutes */                           \
    X(PAST, 1, "in_the_past")                /* limit: now, value: start, UTC ms */                \
    X(SKIPPED_TIME, 1, "skipped_time")       /* clocks jump over it; value: instant of the jump */ \
    X(DOUBLED_TIME, 1, "doubled_time")       /* say which: limit first, value second instant */    \
    X(UNKNOWN_ZONE, 1, "unknown_zone")       /* no such zone or date */                            \
    X(CHILD_OVERLAP, 2, "child_overlap")     /* value: minutes of overlap, rounded up */           \
    X(SECTION_OVERLAP, 2, "section_overlap") /* value: as above; block: the section */             \
    X(TREATMENT_OVERLAP, 2, "treatment_overlap") /* value: as above; block: the treatment */       \
    X(MENTOR_OVERLAP, 3, "mentor_overlap")       /* value: minutes of overlap, rounded up */       \
    X(TURN_ROUND, 3, "mentor_turn_round")        /* limit, value: minutes between the two */       \
    X(GATES, 4, "may_not_teach")                 /* value: gates that fail, as bits */             \
    X(LESSON_LENGTH, 5, "lesson_length")         /* limit, value: minutes */                       \
    X(SCREEN_LESSON, 6, "screen_lesson")         /* limit, value: minutes on a screen */           \
    X(SCREEN_DAY, 6, "screen_day")               /* limit, value: minutes on a screen */           \
    X(PER_DAY, 7, "lessons_per_day") /* limit, value: lessons on the child's local day */          \
    X(SCREEN_PER_DAY, 7, "screen_lessons_per_day") /* limit, value: lessons on a screen */         \
    X(WEEK_MAX, 8, "week_max")            /* limit, value: minutes in the child's local week */    \
    X(WEEK_MIN, 8, "week_min")            /* limit, value: minutes */                              \
    X(BREAK, 9, "break")                  /* limit, value: minutes between the two */              \
    X(LONG_BREAK, 9, "long_break")        /* limit, value: minutes after 2nd or 3rd lesson */      \
    X(DAY_WINDOW, 10, "day_window")       /* limit, value: minute of the child's local day */      \
    X(ALLOWED_HOURS, 10, "allowed_hours") /* outside the recommendation's; value: minute */        \
    X(REST_DAY, 11, "rest_day")           /* value: ISO weekday of the child's local day */        \
    X(HOLIDAY, 11, "holiday")             /* value: the school's local day since 1970 */           \
    X(LIGHT_DAY, 11, "light_day")         /* limit: most on a day, value: least of Wed, Thu */     \
    X(SECTION_GAP, 12, "section_gap")     /* limit, value: minutes; block: the section */          \
    X(SECTION_COUNT, 12, "section_count") /* limit: min or max, value: active ones */              \
    X(SCHOOL_HOURS, 13, "school_hours")   /* value: minute of the school's local day */            \
    X(MENTOR_HOURS, 13, "mentor_hours")   /* value: minute of the mentor's local day */            \
    X(NO_RECOMMENDATION, 14, "no_recommendation") /* limit: last day it holds, value: the day */   \
    X(NOT_EMPLOYED, 14, "not_employed")         /* limit: last day of the order, value: the day */ \
    X(EMPLOYMENT_HOURS, 15, "employment_hours") /* limit, value: minutes a week at the school */   \
    X(PART_TIME, 15, "part_time")               /* limit, value: minutes a week at the school */   \
    X(MENTOR_WEEK, 15, "mentor_week")           /* limit, value: minutes a week at all schools */  \
    X(NO_LINE, 16, "no_approved_line")          /* the subject is not approved on that day */      \
    X(LINE_WEEK, 16, "programme_week")          /* limit, value: minutes of the subject a week */  \
    X(LINE_YEAR, 16, "programme_year")          /* limit, value: minutes of the subject a year */  \
    X(LINE_OWED, 16, "programme_owed")          /* limit approved, value given: minutes a week */  \
    X(SAME_MENTOR, 17, "same_mentor")           /* the substitute is who is absent */              \
    X(FAMILY_UNTOLD, 17, "family_not_told")     /* of a substitute */                              \
    X(GROUP_SIZE, 18, "group_size")             /* limit, value: children */                       \
    X(GROUP_CONSENT, 18, "group_consent")       /* who: the child without a consent that stands */ \
    X(LATE_CHANGE, 19, "late_change")           /* limit, value: minutes before the start */

enum schedule_rule {
#define X(code, number, name) RULE_##code,
    SCHEDULE_RULE_LIST(X)
#undef X
        RULE_COUNT
};

/* A lesson with its time, as booked or as planned. */
struct booked_lesson {
    struct lesson_id id;     /* v = 0 for a plan that has no row yet */
    enum lesson_state state; /* cancelled and rescheduled ones are in nobody's way */
    int64_t start_ms;        /* UTC */
    int64_t end_ms;
    struct user_id mentor;
    struct user_id children[LESSON_CHILDREN_MAX];
    int children_n; /* 0: an event, only in its mentor's way */
    /* The rest may stay 0 where the check says nothing of it. */
    struct org_id schools[LESSON_CHILDREN_MAX]; /* of registration, child by child */
    int64_t subject;                            /* row id; 0: not known */
    bool in_person;                             /* not on a screen */
    bool make_up; /* of a lost lesson: the week's hours were that one's */
    bool lost;    /* over and not held: it gave no hour of the programme */
};

/* Grades of Russian schools; norms stand in index 1..11. */
#define SCHEDULE_GRADES 12

/* Every number of the rules. Defaults, bounds, keys and sources: schedule_policy.c. */
struct schedule_policy {
    int min_minutes;                     /* R1 */
    int max_minutes;                     /* R1 */
    int turn_round_minutes;              /* R3 */
    int break_minutes;                   /* R9: where one of the two lessons is not on a screen */
    int online_break_minutes;            /* R9: between two lessons on a screen */
    int long_break_minutes;              /* R9: after the 2nd or the 3rd lesson */
    int long_break_lessons;              /* R9: due on days with as many lessons */
    int day_from_minute;                 /* R10: minute of the child's local day */
    int day_to_minute;                   /* R10: the lesson ends at or before it */
    int distance_to_minute;              /* R10: the same for a lesson on a screen */
    int per_day;                         /* R7: of any grade */
    unsigned rest_weekdays;              /* R11: bit n = ISO weekday n (1 Monday) */
    unsigned grade_1_rest;               /* R11: as above, in grade 1 */
    int grade_1_autumn_minutes;          /* R5: grade 1, September to December */
    int grade_1_first_lessons;           /* R7: grade 1, September and October */
    int lesson_minutes[SCHEDULE_GRADES]; /* R5 */
    int screen_lesson_minutes[SCHEDULE_GRADES]; /* R6 */
    int screen_day_minutes[SCHEDULE_GRADES];    /* R6 */
    int lessons_per_day[SCHEDULE_GRADES];       /* R7 */
    int screen_lessons[SCHEDULE_GRADES];        /* R7: soft */
    int week_hours_max[SCHEDULE_GRADES];        /* R8: academic hours */
    int week_hours_min[SCHEDULE_GRADES];        /* R8: soft; 0: none */
    int academic_hour_minutes;                  /* R8, R16: an hour of a plan in minutes */
    int sections_min, sections_max;             /* R12 */
    int section_gap_minutes;                    /* R12: from a lesson to a section after it */
    int section_screen_gap_minutes;             /* R12: to one on a screen */
    int hours_hard;                             /* R13: 0 soft, 1 hard */
    int screen_hard;                            /* R6: 0 soft, 1 hard */
    int norm_week_minutes;                      /* R15: a mentor's week at all schools */
    int part_time_percent;                      /* R15: of the norm, at one school */
    int group_max;                              /* R18 */
    int late_change_minutes;                    /* R19 */
};

/* One number of the policy: its key in the centre's dated settings, and where it comes from. */
struct schedule_setting {
    const char *key;
    size_t offset;               /* of the int in struct schedule_policy */
    int first_grade, last_grade; /* both 0: one number; else offset is that of an array */
    int fallback, min, max;
    const char *source; /* shown beside the number */
};

/* The whole table, *n rows. */
const struct schedule_setting *schedule_settings(size_t *n);
/* Writes value under setting s. */
void schedule_policy_put(struct schedule_policy *p, const struct schedule_setting *s, int value);

struct violation {
    enum schedule_rule rule;
    bool hard;               /* refuse; a soft one is shown and may be passed over with a reason */
    int64_t limit;           /* in the unit of the rule's line above */
    int64_t value;           /* what the plan has instead */
    struct lesson_id lesson; /* the plan */
    struct lesson_id other;  /* the lesson in the way; v = 0 if none */
    struct user_id who;      /* the child or mentor concerned; v = 0 if none */
    int64_t block;           /* the section or treatment in the way; 0 if none */
};

/* Which of two instants a doubled wall time means. */
enum which_time {
    WHICH_ASK, /* not said: a doubled time is RULE_DOUBLED_TIME */
    WHICH_FIRST,
    WHICH_SECOND,
};

struct schedule_policy schedule_policy_default(void);

/* R1 for wall time: the instant meant by local in tz, or the rule that refuses it (then *utc_ms
 * is untouched and *v, if not NULL, is filled). */
enum schedule_rule schedule_local(const char *tz, const struct local_time *local,
                                  enum which_time which, int64_t *utc_ms, struct violation *v);

/* R1, R2, R3 of plan against booked, at now_ms. The booked row with plan's own id (a move) is
 * skipped. Returns how many violations there are and writes the first cap of them. All hard. */
size_t schedule_check(const struct booked_lesson *plan, const struct booked_lesson *booked,
                      size_t booked_n, const struct schedule_policy *policy, int64_t now_ms,
                      struct violation *out, size_t cap);

/* R7, R9, R10 and the weekdays of R11 for one child of the plan of whom no more is known than its
 * zone. Returns and writes as above. An unknown zone is itself a violation. */
size_t schedule_check_day(const struct booked_lesson *plan, struct user_id child, const char *tz,
                          const struct booked_lesson *booked, size_t booked_n,
                          const struct schedule_policy *policy, struct violation *out, size_t cap);

struct schedule_facts; /* schedule_facts.h */

/* What a free time is looked for. */
struct slot_query {
    struct lesson_id ignore; /* the lesson being moved; v = 0 if none */
    struct user_id mentor;
    struct user_id children[LESSON_CHILDREN_MAX];
    int children_n;
    int64_t duration_ms;
    int64_t from_ms; /* not before this instant (nor before now_ms) */
    int64_t now_ms;
    int64_t step_ms; /* starts are multiples of it from the beginning of the day window */
    int days;        /* how many local days to look at, from from_ms's day on */
    const char *tz;  /* the children's zone: day window and rest days */
    /* Both or none (borrowed): then every hard rule that the facts carry holds for a proposal.
     * lesson has what they ask of a lesson beyond the fields above: schools, subject, flags. */
    const struct schedule_facts *facts;
    const struct booked_lesson *lesson;
};

/* The first cap starts (UTC ms, ascending) at which mentor and every child are free, with
 * turn-round (R3) and break (R9), inside the local day window (R10), on no rest day (R11).
 * Proposals do not overlap one another. Returns how many were written; 0 for a senseless query. */
size_t schedule_free_slots(const struct slot_query *q, const struct booked_lesson *booked,
                           size_t booked_n, const struct schedule_policy *policy, int64_t *out,
                           size_t cap);

const char *schedule_rule_name(enum schedule_rule r);
int schedule_rule_number(enum schedule_rule r); /* 3 for R3 */

#endif
