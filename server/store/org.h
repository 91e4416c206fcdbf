/* SPDX-License-Identifier: Apache-2.0
 *
 * Organisations, their holidays, subjects, and the dated settings (policy) of
 * a centre. Desk thread.
 */
#ifndef PARTA_STORE_ORG_H
#define PARTA_STORE_ORG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/attendance.h"
#include "server/domain/hiring.h"
#include "server/domain/roster.h"
#include "server/domain/schedule.h"
#include "server/domain/zone.h"
#include "server/store/db.h"

#define ORG_NAME_MAX 240

#define ORG_TYPE_LIST(X)                                                                           \
    X(CENTRE, "centre")                                                                            \
    X(SCHOOL, "school")                                                                            \
    X(PROVIDER, "provider")                                                                        \
    X(AUTHORITY, "authority")

enum org_type {
#define X(code, name) ORG_##code,
    ORG_TYPE_LIST(X)
#undef X
};

const char *org_type_name(enum org_type t);

struct org {
    struct org_id id;
    enum org_type type;
    struct org_id parent; /* 0: none */
    char code[33];
    char name[ORG_NAME_MAX + 1];
    char tz[ZONE_NAME_MAX];
    char phone[41]; /* whom to call; shown in plain sentences */
};

struct org_list {
    struct org *items; /* owned */
    size_t n;
};

enum err org_load(struct db *db, struct org_id id, struct org *out) MUST_CHECK;

/* ERR_NOTFOUND. */
enum err org_by_code(struct db *db, const char *code, struct org_id *out) MUST_CHECK;

/* id 0 inserts, else updates. ERR_STATE: code taken. *out may be &o->id. */
enum err org_save(struct db *db, const struct org *o, int64_t now_ms, struct user_id by,
                  struct org_id *out) MUST_CHECK;

/* By name; only_type NULL: all. */
enum err org_list(struct db *db, const enum org_type *only_type, struct org_list *out) MUST_CHECK;
void org_list_free(struct org_list *l);

enum err holiday_add(struct db *db, struct org_id org, const char *date,
                     const char *kind) MUST_CHECK;
/* date: "YYYY-MM-DD" in the organisation's zone. */
enum err holiday_on(struct db *db, struct org_id org, const char *date, bool *out) MUST_CHECK;

struct subject {
    int64_t id;
    char code[81];
    char name_ru[161];
    char name_en[161];
    int colour; /* 1..6: token --sN */
};

struct subject_list {
    struct subject *items; /* owned */
    size_t n;
};

enum err subject_save(struct db *db, const struct subject *s, int64_t *out_id) MUST_CHECK;
enum err subject_load(struct db *db, int64_t id, struct subject *out) MUST_CHECK;
enum err subject_by_code(struct db *db, const char *code, struct subject *out) MUST_CHECK;
enum err subject_list(struct db *db, struct subject_list *out) MUST_CHECK;
void subject_list_free(struct subject_list *l);

/* A dated setting of the centre, valid at at_ms, or the fallback. A value that is not a number
 * within [min, max] is ERR_DB: a wrong setting is not guessed at. */
enum err policy_int(struct db *db, struct org_id org, const char *key, int64_t at_ms, int64_t min,
                    int64_t max, int64_t fallback, int64_t *out) MUST_CHECK;

/* Sets key from from_ms on; the row valid until then ends there. source: where the rule stands. */
enum err policy_set(struct db *db, struct org_id org, const char *key, const char *value,
                    int64_t from_ms, const char *source, int64_t now_ms,
                    struct user_id by) MUST_CHECK;

/* Rows valid at at_ms, by key. */
struct policy_row {
    char key[65];
    char value[241];
    char source[241];
    int64_t from_ms;
};
struct policy_list {
    struct policy_row *items; /* owned */
    size_t n;
};
enum err policy_list(struct db *db, struct org_id org, int64_t at_ms,
                     struct policy_list *out) MUST_CHECK;
void policy_list_free(struct policy_list *l);

/* The settings of a centre as the rules want them; keys stand in policy.c. */
enum err policy_attendance(struct db *db, struct org_id org, int64_t at_ms,
                           struct attendance_policy *out) MUST_CHECK;
enum err policy_schedule(struct db *db, struct org_id org, int64_t at_ms,
                         struct schedule_policy *out) MUST_CHECK;

/* The limits of lists that are brought along. */
enum err policy_roster(struct db *db, struct org_id org, int64_t at_ms,
                       struct roster_policy *out) MUST_CHECK;
enum err policy_hiring(struct db *db, struct org_id org, int64_t at_ms,
                       struct hiring_policy *out) MUST_CHECK;

/* R6: screen milliseconds in one lesson for a grade. */
enum err policy_screen_limit(struct db *db, struct org_id org, int64_t at_ms, int grade,
                             int64_t *out) MUST_CHECK;

#endif
