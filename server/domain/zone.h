/* SPDX-License-Identifier: Apache-2.0
 *
 * Local wall time and UTC, by the system's time zone data read through
 * libical. Instants are kept in UTC; local time and zone name keep what was
 * meant (DOMAIN section 6). Nothing here reads a clock or the TZ variable.
 *
 * A zone is an IANA name with an area ("Europe/Moscow"), or "UTC". Names that
 * mean something else on every machine ("localtime") or count leap seconds
 * ("right/...") are refused.
 *
 * Threads: any. Each thread keeps the zones it asked for last; the first
 * question about a zone costs some milliseconds, later ones about one
 * microsecond.
 */
#ifndef PARTA_DOMAIN_ZONE_H
#define PARTA_DOMAIN_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define ZONE_NAME_MAX 48 /* longest IANA name is 32 characters */

/* Years in which conversions are exact; outside them every answer is ZONE_UNKNOWN. Before 2023
 * libical misreads the data of a few zones; what follows 2037 is not expanded by it. */
#define ZONE_YEAR_MIN 2023
#define ZONE_YEAR_MAX 2037

/* A wall clock reading, Gregorian. */
struct local_time {
    int year;
    int month;  /* 1..12 */
    int day;    /* 1..31 */
    int hour;   /* 0..23 */
    int minute; /* 0..59 */
    int second; /* 0..59 */
    /* The two below are written by zone_local and ignored by zone_to_utc. */
    int weekday;  /* 1 Monday .. 7 Sunday (ISO 8601) */
    int offset_s; /* seconds east of UTC */
};

enum zone_answer {
    ZONE_UNIQUE,  /* one instant */
    ZONE_SKIPPED, /* the clocks jump over this reading: no instant */
    ZONE_DOUBLED, /* the clocks show it twice */
    ZONE_UNKNOWN, /* no such zone, no such date, or a year out of range */
};

/* True if the system's data know this zone. */
bool zone_known(const char *tz);

/* The instant(s) at which clocks in tz show local.
 * UNIQUE: *first_ms = *second_ms = the instant. DOUBLED: *first_ms < *second_ms.
 * SKIPPED: both = the instant of the jump itself. UNKNOWN: both untouched. UTC ms. */
enum zone_answer zone_to_utc(const char *tz, const struct local_time *local, int64_t *first_ms,
                             int64_t *second_ms) MUST_CHECK;

/* What clocks in tz show at utc_ms. ERR_NOTFOUND: unknown zone; ERR_INVAL: year out of range. */
enum err zone_local(const char *tz, int64_t utc_ms, struct local_time *out) MUST_CHECK;

/* The first instant of a local calendar day, also where midnight is skipped or doubled.
 * ERR_NOTFOUND: unknown zone or no such date. */
enum err zone_day_start(const char *tz, int year, int month, int day, int64_t *utc_ms) MUST_CHECK;

/* Loads zones for the calling thread ahead of their use, so that no request waits for it.
 * ERR_NOTFOUND: one of the names is unknown, or the system has no time zone data (Debian's package
 * tzdata). */
enum err zone_warm(const char *const *names, size_t n) MUST_CHECK;

/* Calendar arithmetic without zones: days since 1970-01-01 of a date, and back. */
bool date_valid(int year, int month, int day);
int64_t date_to_days(int year, int month, int day);
void date_from_days(int64_t days, int *year, int *month, int *day);
int date_weekday(int64_t days); /* 1 Monday .. 7 Sunday */

#endif
