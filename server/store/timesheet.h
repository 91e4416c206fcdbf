/* SPDX-License-Identifier: Apache-2.0
 *
 * The lessons of a timesheet (domain/timesheet.h) from the register. Desk
 * thread.
 */
#ifndef PARTA_STORE_TIMESHEET_H
#define PARTA_STORE_TIMESHEET_H

#include "server/domain/timesheet.h"
#include "server/store/db.h"

struct timesheet_filter {
    struct org_id centre;
    struct mentor_id mentor; /* 0: all of the centre */
    int year, month;
    const char *locale; /* language of the subjects' names; "": their codes */
};

/* Closed; timesheet_deinit on success. Lessons that were cancelled or moved are none. */
enum err timesheet_load(struct db *db, const struct timesheet_filter *f,
                        struct timesheet *out) MUST_CHECK;

#endif
