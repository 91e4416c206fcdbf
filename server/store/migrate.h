/* SPDX-License-Identifier: Apache-2.0
 *
 * The schema and its history. The migrations travel inside the program (the
 * table is generated from server/store/migrations). A database made by a
 * newer program is refused, and so is one whose recorded migrations are not
 * the ones this program knows. Desk thread, or a command that holds the
 * writing connection.
 */
#ifndef PARTA_STORE_MIGRATE_H
#define PARTA_STORE_MIGRATE_H

#include <stdint.h>

#include "common/base/err.h"
#include "server/store/db.h"

struct migration {
    int number; /* 1.., ascending; 0 ends the table */
    const char *name;
    const char *sql;
};

extern const struct migration migrations[];

/* Applies what is missing, each migration in a transaction of its own. A second call does nothing.
 * ERR_STATE: the database is newer than the program, or a recorded migration differs from ours. */
enum err migrate(struct db *db, int64_t now_ms) MUST_CHECK;

#endif
