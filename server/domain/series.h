/* SPDX-License-Identifier: Apache-2.0
 *
 * A weekly series of lessons (DOMAIN section 6): a recurrence rule in the
 * child's zone, days left out, occurrences moved. What is meant is wall time
 * and zone; what is booked are the instants it expands to, and each of them is
 * checked by the rules (schedule_facts.h). When the rules of a zone change,
 * series_shifted says which booked instants are no longer what is meant.
 *
 * An occurrence is named by the local day that the rule gives it, also when it
 * is moved elsewhere (RFC 5545, RECURRENCE-ID). Days are counted since 1970.
 *
 * Recurrence rules are libical's, bounded to what a timetable is made of:
 * FREQ=WEEKLY with INTERVAL, BYDAY and WKST, and an end: COUNT or UNTIL as a
 * local date, which is the last day on which a lesson may be.
 */
#ifndef PARTA_DOMAIN_SERIES_H
#define PARTA_DOMAIN_SERIES_H

#include "server/domain/schedule.h"

#define SERIES_RULE_MAX 120        /* characters of a rule */
#define SERIES_INTERVAL_MAX 4      /* weeks between two weeks of lessons */
#define SERIES_OCCURRENCES_MAX 400 /* a year of lessons on each weekday */

struct series_move {
    int64_t day; /* which occurrence */
    struct local_time to;
    enum which_time which;
};

struct series {
    const char *tz;            /* the child's */
    const char *rule;          /* "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261224" */
    int64_t first_day;         /* nothing before it */
    int hour, minute;          /* wall time of the start */
    int minutes;               /* length of a lesson */
    int64_t last_day;          /* R14: what lies behind is cut; INT64_MAX: nothing */
    enum which_time which;     /* of wall times that clocks show twice */
    const int64_t *exceptions; /* days left out */
    size_t exceptions_n;
    const struct series_move *moves; /* an exception wins over a move */
    size_t moves_n;
};

/* One occurrence. rule: RULE_NONE, or why there is no instant (R1): RULE_SKIPPED_TIME,
 * RULE_DOUBLED_TIME with both instants in choices, RULE_UNKNOWN_ZONE; then start_ms = end_ms = 0.
 */
struct occurrence {
    int64_t day;
    int64_t start_ms, end_ms; /* UTC */
    bool moved;
    enum schedule_rule rule;
    int64_t choices[2];
};

struct series_sum {
    size_t n;         /* occurrences written */
    size_t faults;    /* of them without an instant */
    size_t cut;       /* not written, behind last_day: the notice of R14 */
    int64_t cut_from; /* the first of these; 0 if none */
};

/* ERR_PARSE: not a rule as described above. */
enum err series_rule_check(const char *rule) MUST_CHECK;

/* The occurrences by day. ERR_PARSE: the rule; ERR_INVAL: time of day, length or first day out of
 * range; ERR_NOMEM: more than cap or SERIES_OCCURRENCES_MAX, or out of memory. On an error nothing
 * is written to *sum. */
enum err series_expand(const struct series *s, struct occurrence *out, size_t cap,
                       struct series_sum *sum) MUST_CHECK;

struct schedule_facts;

/* R14: the last day up to which, without a gap from first on, a recommendation of each child, an
 * order of the mentor at each school and an approved line of the subject hold. What is not known,
 * and what does not hold on the first day (the rules say so), ends nothing. INT64_MAX: no end. */
int64_t series_valid_until(const struct schedule_facts *facts, int64_t subject, int64_t first);

/* A booked occurrence as it was stored. */
struct series_booked {
    int64_t day;
    int64_t start_ms;
};

#define SERIES_NO_INSTANT INT64_MIN
struct series_shift {
    int64_t day;
    int64_t was_ms;
    int64_t is_ms; /* SERIES_NO_INSTANT: the series has no such occurrence, or no instant for it */
};

/* Which booked occurrences start at another instant than the series now says. Returns how many and
 * writes the first cap. */
size_t series_shifted(const struct series_booked *booked, size_t booked_n,
                      const struct occurrence *now, size_t now_n, struct series_shift *out,
                      size_t cap);

#endif
