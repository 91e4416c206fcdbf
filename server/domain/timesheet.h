/* SPDX-License-Identifier: Apache-2.0
 *
 * The timesheet of a month (DOMAIN 2.2, form 0504421): per mentor and school
 * the days 1-31 with the units that were really given. A unit is what the
 * attendance rules credit, in quarters; a lesson that is not computed yet
 * counts nothing and is told. The quarter-hour view lists each lesson with
 * its contact rounded down to quarters of an hour. Pure.
 */
#ifndef PARTA_DOMAIN_TIMESHEET_H
#define PARTA_DOMAIN_TIMESHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"

#define TIMESHEET_DAYS 31
#define TIMESHEET_NAME_MAX 240 /* bytes */

/* One lesson of the month. */
struct timesheet_entry {
    struct mentor_id mentor; /* who taught */
    struct org_id school;    /* of registration of its (first) child */
    char mentor_name[TIMESHEET_NAME_MAX + 1];
    char school_name[TIMESHEET_NAME_MAX + 1];
    char tz[64];      /* of the school */
    char subject[81]; /* code, or the name in the reader's language */
    int64_t start_ms, end_ms;
    bool computed;
    bool substitute; /* taught for the planned mentor */
    int64_t contact_ms;
    int credit_quarters;
};

struct timesheet_row {
    const struct timesheet_entry *of; /* borrowed: names and zone */
    int quarters[TIMESHEET_DAYS];     /* credited on day i + 1 */
    int total_quarters;
    int substitute_quarters; /* of the total */
    int days;                /* with something credited */
    int lessons;             /* computed */
    int open;                /* not computed yet */
};

struct timesheet {
    int year, month;
    int last_day;
    struct timesheet_entry *entries; /* owned; in order of mentor, school, time */
    size_t entries_n;
    struct timesheet_row *rows; /* owned */
    size_t rows_n;
};

void timesheet_deinit(struct timesheet *t);

/* Fills rows from entries (sorted here); entries of another local month are dropped. ERR_NOMEM,
 * ERR_NOTFOUND (unknown zone), ERR_INVAL (no such month). */
enum err timesheet_close(struct timesheet *t) MUST_CHECK;

/* Quarters of an hour, rounded down. */
int timesheet_quarter_hours(int64_t contact_ms);

/* Code of form 0504421 for a day: "Ф" where something was credited, "" where nothing was. */
const char *timesheet_code(int quarters);

#endif
