/* SPDX-License-Identifier: Apache-2.0
 *
 * The demo world of `parta demo`: one centre, two schools in two time zones,
 * six mentors and one who is not hired yet, twenty children, a month of past lessons with
 * believable presence, today's timetable, and one lesson that is running whenever you look.
 * Attendance is never written here: only facts are, and the same fold as in earnest makes the
 * register from them. Invented people; nothing here runs unless the command was `demo`. The thread
 * that owns the writing connection.
 */
#ifndef PARTA_API_DEMO_H
#define PARTA_API_DEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/api/account.h"
#include "server/store/db.h"
#include "server/store/user.h"

#define DEMO_ROWS_MAX 8
/* How often one printed link opens the door; links in earnest open it once. */
#define DEMO_LINK_USES 50

struct demo_row {
    char what[24]; /* "coordinator", "mentor", "child", "guardian", "school_officer",
                   "newcomer" */
    char name[USER_NAME_MAX + 1];
    char token[ACCOUNT_TOKEN_CHARS + 1];
    char card[ACCOUNT_PIN_DIGITS + 1]; /* a child's six digits; "" for others */
};

struct demo_table {
    struct demo_row rows[DEMO_ROWS_MAX];
    int rows_n;
};

/* Fills an empty database, or brings a demo database up to now: missing days, today's timetable,
 * the running lesson, fresh links (the old ones stop). The same seed gives the same world. Opens
 * its own transaction. ERR_STATE: the database has a centre that is no demo. */
enum err demo_fill(struct db *db, const struct account_key *key, int64_t now_ms,
                   struct demo_table *out) MUST_CHECK;

/* Sees to it that the demo's lesson is running and that the next one stands behind it. Call every
 * minute, inside a transaction. *added: lessons it put on the timetable (0..2). */
enum err demo_keep_running(struct db *db, int64_t now_ms, int *added) MUST_CHECK;

/* Puts the small files of the demo's hiring documents into the folder of what people sent
 * (DESK_FILES behind the database's path), if they are not there. ERR_IO. */
enum err demo_files(const char *folder) MUST_CHECK;

/* True if this is a demo database. */
enum err demo_is(struct db *db, bool *out) MUST_CHECK;

#endif
