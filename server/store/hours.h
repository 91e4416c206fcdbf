/* SPDX-License-Identifier: Apache-2.0
 *
 * Weekly times of children and mentors, working hours, terms and holidays of
 * schools (server/domain/hours.h). A list is replaced as a whole under one
 * number of its edits. Desk thread.
 */
#ifndef PARTA_STORE_HOURS_H
#define PARTA_STORE_HOURS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/hours.h"
#include "server/store/db.h"

struct hours_list {
    struct hours_row *items; /* owned; by weekday and time */
    size_t n;
    int64_t rev; /* 0: never written */
};

enum err hours_of_child(struct db *db, struct child_id child, struct hours_list *out) MUST_CHECK;
enum err hours_of_mentor(struct db *db, struct mentor_id mentor, struct hours_list *out) MUST_CHECK;
void hours_list_free(struct hours_list *l);

/* Puts rows in the place of all there are. rows have passed hours_check. ERR_STATE: the number of
 * edits is not rev any more. */
enum err hours_save_child(struct db *db, struct child_id child, int64_t rev,
                          const struct hours_row *rows, size_t n, int64_t now_ms,
                          struct user_id by) MUST_CHECK;
enum err hours_save_mentor(struct db *db, struct mentor_id mentor, int64_t rev,
                           const struct hours_row *rows, size_t n, int64_t now_ms,
                           struct user_id by) MUST_CHECK;

#define TERM_KIND_LIST(X)                                                                          \
    X(YEAR, "year")                                                                                \
    X(HALF, "half")                                                                                \
    X(QUARTER, "quarter")

enum term_kind {
#define X(code, name) TERM_##code,
    TERM_KIND_LIST(X)
#undef X
        TERM_KIND_COUNT
};

const char *term_kind_name(enum term_kind k);

struct term_row {
    enum term_kind kind;
    struct day_span days;
};

/* All that a school's calendar says. Every list is owned. */
struct school_calendar {
    struct week_span *bells; /* by weekday and time; none: not known */
    size_t bells_n;
    int64_t *holidays; /* local days, ascending */
    size_t holidays_n;
    struct term_row *terms; /* by first day */
    size_t terms_n;
    int64_t rev;
};

enum err calendar_of_school(struct db *db, struct org_id school,
                            struct school_calendar *out) MUST_CHECK;
void school_calendar_free(struct school_calendar *c);
/* In the place of all there is; c->rev is what the caller has seen. ERR_STATE as above, or two
 * terms of a kind with one first day. */
enum err calendar_save(struct db *db, struct org_id school, const struct school_calendar *c,
                       int64_t now_ms, struct user_id by) MUST_CHECK;

/* The school year that day lies in: the term that says so, else a year from the first day of
 * first_month on. */
struct day_span calendar_year(const struct school_calendar *c, int64_t day, int first_month);

#endif
