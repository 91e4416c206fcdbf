/* SPDX-License-Identifier: Apache-2.0
 *
 * A file with a list in it (children, mentors, a timetable, a OneRoster
 * archive) on its way into the records: read on any thread, judged and written
 * where the records are. Every fault is told, and a list with one changes
 * nothing.
 */
#ifndef PARTA_API_IMPORT_H
#define PARTA_API_IMPORT_H

#include "server/domain/roster.h"
#include "server/store/roster.h"

struct import {
    enum roster_kind kind;
    struct table tables[ONEROSTER_READ_COUNT]; /* one, or those of an archive */
    struct roster roster;                      /* points into the tables */
    struct table_faults faults;
    size_t rows; /* with something in them */
};

/* Zero is empty. */
void import_deinit(struct import *i);

/* Any thread; touches nothing but *i. What is wrong is told in i->faults. ERR_NOMEM. */
enum err import_read(struct import *i, enum roster_kind kind, const uint8_t *bytes, size_t len,
                     const struct roster_policy *policy) MUST_CHECK;

/* Judges by the records and, if apply and there is no fault, writes. *applied: it is done. The
 * caller holds a transaction and undoes it on any error. */
enum err import_settle(struct import *i, struct db *db, const struct roster_into *into, bool apply,
                       struct roster_count *count, bool *applied) MUST_CHECK;

#endif
