/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of the timetable a second time, for tests: slow, obvious, minute
 * by minute, on calendars of its own (the C library's reading of the zones).
 * It shares structs and names with server/domain and not one function.
 * Whole minutes only, between the dates below.
 */
#ifndef PARTA_TESTS_TIMETABLE_ORACLE_H
#define PARTA_TESTS_TIMETABLE_ORACLE_H

#include "server/domain/schedule_facts.h"

#define ORACLE_ZONES 5
extern const char *const oracle_zones[ORACLE_ZONES];

/* Bounds of what oracle_init reads, UTC days: 1 August 2026 to 31 July 2027. */
#define ORACLE_FIRST_DAY 20666
#define ORACLE_LAST_DAY 21030

/* One violation as the oracle sees it. limit and value of -1: it has no opinion. */
struct oracle_found {
    enum schedule_rule rule;
    bool hard;
    int64_t who, other, block;
    int64_t limit, value;
};

#define ORACLE_MAX 400
struct oracle_answer {
    struct oracle_found found[ORACLE_MAX];
    size_t n;
};

/* Reads the zones; leaves TZ as UTC. Call once. */
void oracle_init(void);

void oracle_judge(const struct booked_lesson *plan, const struct schedule_facts *facts,
                  struct oracle_answer *out);

/* What the clocks of a zone show at a UTC minute. */
struct oracle_wall {
    int64_t day; /* since 1970 */
    int weekday; /* ISO */
    int minute;  /* of the day */
};
struct oracle_wall oracle_wall(const char *tz, int64_t utc_minute);

#endif
