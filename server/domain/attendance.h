/* SPDX-License-Identifier: Apache-2.0
 *
 * Attendance as a pure fold over presence facts (DOMAIN section 7): integers,
 * re-runnable, no clock. "Connected", never "attentive".
 */
#ifndef PARTA_DOMAIN_ATTENDANCE_H
#define PARTA_DOMAIN_ATTENDANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"

#define ATTENDANCE_ALGO_VERSION 1

#define LEAVE_CAUSE_LIST(X)                                                                        \
    X(STILL_IN, "still_in")           /* no leave yet */                                           \
    X(LEFT, "left")                   /* pressed Leave */                                          \
    X(TIRED, "tired")                 /* pressed "I am tired" and left */                          \
    X(SOCKET_CLOSED, "socket_closed") /* connection closed under it */                             \
    X(TIMEOUT, "timeout")             /* nothing heard for 15 s; leave = last seen */              \
    X(SERVER_RESTART, "server_restart")                                                            \
    X(TAKEN_OVER, "taken_over") /* the same person came in from another device */                  \
    X(CUT, "cut")               /* the verdict turned bad while inside */                          \
    X(WINDOW_END, "window_end")

enum leave_cause {
#define X(code, name) LEAVE_##code,
    LEAVE_CAUSE_LIST(X)
#undef X
};

#define OUTCOME_LIST(X)                                                                            \
    X(HELD, "held")                                                                                \
    X(TECH_SERVER, "tech_server")                                                                  \
    X(BOTH_NO_SHOW, "both_no_show")                                                                \
    X(TEACHER_NO_SHOW, "teacher_no_show")                                                          \
    X(TECH_TEACHER, "tech_teacher")                                                                \
    X(CHILD_NO_SHOW, "child_no_show")                                                              \
    X(TECH_CHILD, "tech_child")                                                                    \
    X(NO_OVERLAP, "no_overlap")                                                                    \
    X(PARTIAL, "partial")                                                                          \
    X(NOT_HELD, "not_held")

enum outcome {
#define X(code, name) OUTCOME_##code,
    OUTCOME_LIST(X)
#undef X
};

/* One authenticated connection, as stored. */
struct presence {
    struct user_id user;
    int64_t join_ms;
    int64_t leave_ms; /* last_seen while still in */
    enum leave_cause cause;
};

/* An authenticated try to come in that did not end in a seat. */
struct join_try {
    struct user_id user;
    int64_t at_ms;
};

struct outage {
    int64_t from_ms;
    int64_t to_ms;
};

struct attendance_policy {
    int held_percent;       /* 75 */
    int partial_percent;    /* 25 */
    int outage_percent;     /* 20 */
    int64_t late_ms;        /* 5 min */
    int64_t mentor_wait_ms; /* 15 min: CHILD_NO_SHOW is paid as waiting from here */
    int64_t credit_step_ms; /* 15 min: PARTIAL credits are rounded down to it */
};

struct attendance_input {
    int64_t start_ms;
    int64_t end_ms;
    int64_t opens_ms; /* when the door opened; a try before it was too early and proves nothing */
    struct user_id mentor;
    const struct user_id *children;
    size_t children_n;
    const struct presence *presences; /* any order */
    size_t presences_n;
    const struct join_try *tries;
    size_t tries_n;
    const struct outage *outages;
    size_t outages_n;
    struct attendance_policy policy;
};

#define PERCENT_TENTHS_MAX 1000

/* Of one person within the lesson. */
struct person_attendance {
    int64_t presence_ms; /* within [start, end) */
    int64_t first_ms;    /* first presence within the window, INT64_MIN if never */
    int64_t last_ms;     /* end of the last presence within the window, INT64_MIN if never */
    int64_t late_ms;     /* 0 if under the limit */
    int64_t early_ms;    /* 0 if under the limit */
    int64_t overrun_ms;  /* shown, never credited */
    int gaps;            /* interruptions between first and last presence */
    int64_t gaps_ms;
    unsigned gap_causes; /* bit 1 << LEAVE_x for each cause that began a gap */
};

struct child_attendance {
    struct user_id child;
    struct person_attendance at;
    int64_t contact_ms;       /* mentor and this child both present */
    int64_t first_contact_ms; /* INT64_MIN if there was none */
    int64_t last_contact_ms;  /* end of the last contact, INT64_MIN if there was none */
    int percent_tenths;       /* of the planned time, floored: 749 means 74.9 % */
    enum outcome outcome;     /* as if this child were alone */
    char code;                /* automatic attendance code: P L E T S W N */
};

struct attendance_result {
    int algo_version;
    struct person_attendance mentor;
    int64_t contact_ms; /* lesson level: mentor with at least one child */
    int percent_tenths;
    enum outcome outcome;
    int credit_quarters;               /* units of 1/4: HELD 4, PARTIAL by contact, waiting 0 */
    bool waited;                       /* no child came and the mentor waited long enough */
    struct child_attendance *children; /* owned; children_n of the input, same order */
    size_t children_n;
};

/* Computes *out. ERR_INVAL if end <= start, longer than a day, or there is no child; ERR_NOMEM.
 * Presences of people who are neither the mentor nor a child of the lesson count nowhere. */
enum err attendance_compute(const struct attendance_input *in,
                            struct attendance_result *out) MUST_CHECK;
void attendance_deinit(struct attendance_result *r);

/* Whole percents are compared exactly: part * 100 >= percent * whole. */
struct attendance_policy attendance_policy_default(void);
const char *outcome_name(enum outcome o);
bool outcome_parse(const char *name, enum outcome *out);
const char *leave_cause_name(enum leave_cause c);

#endif
