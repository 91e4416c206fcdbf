/* SPDX-License-Identifier: Apache-2.0
 *
 * Calendar days without a zone, as papers carry them: a birth date, the last
 * day of a doctor's conclusion. A day is the number of days since 1970-01-01;
 * any year from 1900 to 2199. Pure.
 */
#ifndef PARTA_DOMAIN_DAY_H
#define PARTA_DOMAIN_DAY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

#define DAY_NONE INT64_MIN /* no day is known */
#define DAY_TEXT_BYTES 11  /* "YYYY-MM-DD" and the NUL */

/* "YYYY-MM-DD" of a day that exists. */
bool day_parse(const char *text, int64_t *out) MUST_CHECK;

/* Writes "YYYY-MM-DD"; "" for DAY_NONE and for a day outside the years above. */
void day_write(int64_t day, char out[DAY_TEXT_BYTES]);

/* The day that clocks in tz show at utc_ms. ERR_NOTFOUND: unknown zone; ERR_INVAL: year out of
 * the zone data's range. */
enum err day_in_zone(const char *tz, int64_t utc_ms, int64_t *out) MUST_CHECK;

/* Whole years from one day to another (an age); negative if to lies before from. A 29 February has
 * its anniversary on 1 March in other years. */
int day_years(int64_t from, int64_t to);

#endif
