/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of server/store/timetable share. Not for others.
 */
#ifndef PARTA_STORE_TIMETABLE_INSIDE_H
#define PARTA_STORE_TIMETABLE_INSIDE_H

#include "server/store/timetable.h"

/* Weekly times of the mentor on the lesson's day (R13). None stored: not known. */
enum err timetable_mentor_hours(struct db *db, const struct timetable_query *q,
                                struct timetable *t) MUST_CHECK;
/* Treatment and rest of child i as instants within the query (R2). */
enum err timetable_treatments(struct db *db, const struct timetable_query *q, struct timetable *t,
                              int i) MUST_CHECK;
/* Approved lines of child i, with what the rest of the school year gave (R16). Behind its school.
 */
enum err timetable_lines(struct db *db, const struct timetable_query *q, struct timetable *t,
                         int i) MUST_CHECK;

#endif
