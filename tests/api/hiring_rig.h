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

#endif
