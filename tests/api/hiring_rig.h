/* SPDX-License-Identifier: Apache-2.0
 *
 * A mentor without a single paper, the stranger of the small world, who is
 * assigned to the first child; for the tests of hiring.
 */
#ifndef PARTA_TESTS_HIRING_RIG_H
#define PARTA_TESTS_HIRING_RIG_H

#include <stdint.h>

#include "tests/api/api_rig.h"

#define PDF_HEAD "%PDF-1.7\n"
#define PDF_TAIL "\nstartxref\n9\n%%EOF\n"

extern struct api_rig r;

/* The world; it is open for direct changes until api_start. */
int setup(void **state);
/* The same with a desk. */
int started(void **state);
int teardown(void **state);

/* Formats; sixteen texts may be in use at once. */
const char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "/mentors/<the newcomer>" + tail. */
const char *mentor(const char *tail);

/* A PDF with this content as one of the newcomer's documents. */
struct answer send_as(enum who who, const char *query, const char *content);
/* The same by the newcomer; it has to be taken. */
void sends(const char *kind, const char *content);

/* The answer is bad_field of this field. Frees. */
void field_is(struct answer a, const char *field);
/* Id of the first of "documents", "trainings" and so on in the file. */
int64_t id_of_first(const char *list);

/* ---- the newcomer is hired, step by step ---------------------------------------------------- */

#define ORDER(number, rate, minutes, date, from, to)                                               \
    "{\"number\":\"" number "\",\"date\":\"" date "\",\"rate_percent\":" rate                      \
    ",\"week_minutes\":" minutes ",\"from\":\"" from "\",\"to\":" to "}"
#define GOOD_ORDER ORDER("77-k", "50", "540", "2026-11-24", "2026-11-24", "null")

void sends_everything(void);
void enters_course_and_subject(void);
/* The newcomer applies at the first school. */
void applies(void);
/* Of the newest application. */
int64_t rev(void);
struct answer on_application(enum who who, const char *tail, const char *body);
struct answer steps(enum who who, const char *name, const char *reason);
/* The step has to be done and lead there. */
void goes(enum who who, const char *name, const char *reason, const char *to);
/* Everything that waits. */
void centre_verifies(void);
/* To an order that the newcomer has read, and introduced to the first child. */
void is_hired(void);
/* By the newcomer to the first child, on 26 November at noon. */
struct answer plans_a_lesson(void);
/* The desk looks at time once a minute. */
void a_minute_passes(int64_t unix_ms);

#endif
