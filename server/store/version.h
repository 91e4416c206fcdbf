/* SPDX-License-Identifier: Apache-2.0
 *
 * Versions of a centre's schedule (DOMAIN 4.4): draft → validated → published
 * → superseded. A draft holds planned lessons that nobody sees and that are in
 * nobody's way. Publishing judges every one of them again, by all rules, on
 * the rows of that moment, beside one another and beside what is published;
 * then it takes all of them or none. What was published and is not over stays on the
 * timetable and goes over to the new version, but for a lesson that the draft
 * moves or takes away (draft.h). Desk thread, inside the caller's transaction.
 */
#ifndef PARTA_STORE_VERSION_H
#define PARTA_STORE_VERSION_H

#include "server/domain/series.h"
#include "server/store/lesson.h"
#include "server/store/timetable.h"

#define VERSION_STATE_LIST(X)                                                                      \
    X(DRAFT, "draft")                                                                              \
    X(VALIDATED, "validated")                                                                      \
    X(PUBLISHED, "published")                                                                      \
    X(SUPERSEDED, "superseded")

enum version_state {
#define X(code, name) VERSION_##code,
    VERSION_STATE_LIST(X)
#undef X
};

struct version {
    int64_t id; /* row */
    struct org_id org;
    int64_t no; /* within the centre */
    enum version_state state;
    int64_t planned; /* lessons that wait in it */
};

const char *version_state_name(enum version_state s);

/* A new, empty draft. A centre may have several. */
enum err version_draft(struct db *db, struct org_id org, int64_t now_ms, struct user_id by,
                       struct version *out) MUST_CHECK;
enum err version_load(struct db *db, int64_t id, struct version *out) MUST_CHECK;

/* One planned lesson more; a validated draft is a draft again. ERR_STATE: it is no draft. */
enum err version_add(struct db *db, int64_t id, const struct lesson_plan *plan, int64_t now_ms,
                     struct user_id by, struct lesson_id *out) MUST_CHECK;

/* A weekly series as planned lessons. What has no instant is not planned and counted in
 * sum->faults; the caller decides about it before. ERR_PARSE, ERR_INVAL, ERR_NOMEM as
 * series_expand. plan's times and zone are ignored. */
enum err version_add_series(struct db *db, int64_t id, const struct lesson_plan *plan,
                            const struct series *series, int64_t now_ms, struct user_id by,
                            int64_t *out_series, struct series_sum *sum) MUST_CHECK;

/* What the rules say of the draft's lessons; hard counts all hard ones, kept or not. */
struct version_report {
    struct violation *items; /* owned */
    size_t n;
    size_t lessons;
    size_t hard;
    int64_t clashes; /* published: places in sections that a lesson is in the way of (48) */
};
#define VERSION_VIOLATIONS_MAX 200

/* Judges; a draft without hard violations becomes validated, one with them a draft.
 * ERR_STATE: neither draft nor validated. */
enum err version_validate(struct db *db, int64_t id, int64_t now_ms,
                          struct version_report *out) MUST_CHECK;

/* Judges the planned lessons of one series, beside all others of the draft; changes nothing. */
enum err version_judge_series(struct db *db, int64_t id, int64_t series, int64_t now_ms,
                              struct version_report *out) MUST_CHECK;
/* One planned lesson with the facts it was judged by, for who looks for free times, too. Close
 * it. */
struct version_judged {
    struct timetable *t; /* owned */
    struct booked_lesson plan;
    struct gate_span gates[LESSON_CHILDREN_MAX];
    struct schedule_change change;
};
/* ahead_ms: how much further than the weeks around the lesson the facts reach. ERR_NOTFOUND: no
 * such planned lesson. Keep *judged where it is: its facts point into it. */
enum err version_judge(struct db *db, const struct version *v, struct lesson_id id, int64_t now_ms,
                       int64_t ahead_ms, struct version_judged *judged,
                       struct version_report *out) MUST_CHECK;
void version_judged_close(struct version_judged *j);

/* Judges again and publishes if nothing hard is in the way: *published says. Otherwise nothing is
 * changed, but that the version is a draft again. ERR_STATE: it was not validated; or the
 * database's own guard against overlaps refused (db_refusal): undo the transaction. */
enum err version_publish(struct db *db, int64_t id, int64_t now_ms, bool *published,
                         struct version_report *out) MUST_CHECK;
/* The same with a reason for the lessons that are moved or go. */
enum err version_publish_for(struct db *db, int64_t id, const char *reason, int64_t now_ms,
                             bool *published, struct version_report *out) MUST_CHECK;

void version_report_free(struct version_report *r);

#endif
