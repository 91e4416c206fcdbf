/* SPDX-License-Identifier: Apache-2.0
 *
 * The two papers that stand at the beginning of every case (DOMAIN 10, 17):
 * the medical basis, which says that the child may be taught at a distance and
 * until when, and the paediatrician's recommendation, whose limits bind the
 * timetable (section 5: R5-R7, R10, R11, R14). Only what rules need is here:
 * days and limits, no word of a doctor and no diagnosis. Days are calendar
 * days of the child's centre, the last one included. Pure.
 */
#ifndef PARTA_DOMAIN_PAPERS_H
#define PARTA_DOMAIN_PAPERS_H

#include <stdbool.h>
#include <stdint.h>

#include "server/domain/day.h"

#define PAPER_ALERTS 3

/* Every number of the rules of intake; rows of the policy table, keys in store/intake_policy.c. */
struct intake_policy {
    int alert_days[PAPER_ALERTS]; /* before a paper ends, falling: 30, 14, 3 (DOMAIN 10) */
    int basis_max_days;           /* longest term of a medical basis: 366 (P) */
    int recommendation_max_days;  /* longest term of a recommendation: 366 (P) */
    int age_min, age_max;         /* of a child, whole years: 5..20 (P) */
    int decision_days;            /* a referral waits no longer: 5 (DOMAIN 2.1, 2.3) */
    int return_open_days;         /* a month's return stays open so long after it: 10 (P) */
    int keep_refused_days;        /* then a refused referral is emptied: 365 (DOMAIN 2.5) */
    int shortest_lesson_minutes;  /* R1; no limit may be below it: 10 */
    int case_days;                /* from the acceptance to the first lesson: 30 (P) */
    int scan_kib;                 /* largest scan: 10240 (DOMAIN 28) */
    bool scans_required;          /* a referral without scans is incomplete: false (P) */
};

struct intake_policy intake_policy_default(void);

/* Medical conclusion. */
struct medical_basis {
    int64_t issued_day;
    int64_t from_day, to_day; /* both included */
};

#define EQUIPMENT_LIST(X)                                                                          \
    X(HEADSET, "headset")                                                                          \
    X(LARGE_SCREEN, "large_screen")                                                                \
    X(LARGE_KEYBOARD, "large_keyboard")                                                            \
    X(SWITCH, "switch") /* one big button instead of a mouse */                                    \
    X(TABLET, "tablet")                                                                            \
    X(BED_MOUNT, "bed_mount")                                                                      \
    X(HEARING_LOOP, "hearing_loop")

/* A list of words and no free text: mentors and schools read it, and a sentence could tell them
 * more than the limit. */
enum equipment {
#define X(code, name) EQUIPMENT_##code,
    EQUIPMENT_LIST(X)
#undef X
        EQUIPMENT_COUNT
};

/* The recommendation's limits. 0 of a number: the doctor sets no limit. */
struct recommendation {
    int lesson_minutes;         /* longest lesson (R5) */
    int lessons_per_day;        /* (R7) */
    int lessons_per_week;       /* (R8) */
    int screen_minutes;         /* of screen in one lesson (R6) */
    int from_minute, to_minute; /* of the child's local day (R10); 0, 0: any time of R10 */
    unsigned rest_weekdays;     /* bit n = ISO weekday n (1 Monday) (R11) */
    unsigned equipment;         /* bit n = enum equipment n */
    bool camera_allowed;        /* false: the child is heard and not seen */
    int64_t issued_day;
    int64_t from_day, to_day; /* both included (R14) */
};

/* code, the field at fault, what is wrong with it */
#define PAPER_FAULT_LIST(X)                                                                        \
    X(NONE, "", "none")                                                                            \
    X(ISSUED_AHEAD, "issued", "ahead") /* dated in the future */                                   \
    X(ENDS_BEFORE_START, "to", "order")                                                            \
    X(ISSUED_AFTER_END, "issued", "order")       /* dated after its own last day */                \
    X(EXPIRED, "to", "expired")                  /* its last day is over */                        \
    X(TERM, "to", "too_long")                    /* longer than the policy allows */               \
    X(LESSON_MINUTES, "lesson_minutes", "range") /* below the shortest lesson, or over a day */    \
    X(PER_DAY, "lessons_per_day", "range")                                                         \
    X(PER_WEEK, "lessons_per_week", "range") /* fewer than on one day */                           \
    X(SCREEN_MINUTES, "screen_minutes", "range")                                                   \
    X(HOURS, "hours", "range") /* end before start, or no lesson fits in */                        \
    X(REST_DAYS, "rest_days", "range")                                                             \
    X(EQUIPMENT, "equipment", "range")

enum paper_fault {
#define X(code, field, fault) PAPER_##code,
    PAPER_FAULT_LIST(X)
#undef X
        PAPER_FAULT_COUNT
};

/* The first fault of a paper that is handed in on the day today. */
enum paper_fault basis_check(const struct medical_basis *b, int64_t today,
                             const struct intake_policy *p);
enum paper_fault recommendation_check(const struct recommendation *r, int64_t today,
                                      const struct intake_policy *p);

const char *paper_fault_field(enum paper_fault f);
const char *paper_fault_name(enum paper_fault f);

const char *equipment_name(enum equipment e);
bool equipment_parse(const char *name, enum equipment *out);

#define VALIDITY_LIST(X)                                                                           \
    X(ABSENT, "absent")                                                                            \
    X(AHEAD, "ahead") /* its first day is still to come */                                         \
    X(VALID, "valid")                                                                              \
    X(EXPIRED, "expired")

enum validity {
#define X(code, name) VALIDITY_##code,
    VALIDITY_LIST(X)
#undef X
};

struct validity_report {
    enum validity state;
    int64_t days_left; /* after today; 0 on the last day; only of a valid paper */
    int alert_days;    /* the nearest threshold reached (30, 14 or 3), 0: none */
};

/* from_day DAY_NONE: there is no paper. */
struct validity_report validity_at(int64_t from_day, int64_t to_day, int64_t today,
                                   const struct intake_policy *p);

const char *validity_name(enum validity v);

#endif
