/* SPDX-License-Identifier: Apache-2.0
 *
 * What a medical basis and a recommendation must satisfy, and for how long
 * they hold.
 */
#include "server/domain/papers.h"

#include <stddef.h>
#include <string.h>

#define DAY_MINUTES 1440
#define ALL_WEEKDAYS 0xfeu
#define DAYS_A_WEEK 7

struct intake_policy intake_policy_default(void)
{
    return (struct intake_policy){ .alert_days = { 30, 14, 3 },
                                   .basis_max_days = 366,
                                   .recommendation_max_days = 366,
                                   .age_min = 5,
                                   .age_max = 20,
                                   .decision_days = 5,
                                   .return_open_days = 10,
                                   .keep_refused_days = 365,
                                   .case_days = 30,
                                   .scan_kib = 10240,
                                   .shortest_lesson_minutes = 10 };
}

/* ---- checks ----------------------------------------------------------------------------- */

static enum paper_fault term_check(int64_t issued, int64_t from, int64_t to, int64_t today,
                                   int max_days)
{
    if (issued > today)
        return PAPER_ISSUED_AHEAD;
    if (to < from)
        return PAPER_ENDS_BEFORE_START;
    if (issued > to)
        return PAPER_ISSUED_AFTER_END;
    if (to < today)
        return PAPER_EXPIRED;
    if (to - from + 1 > max_days)
        return PAPER_TERM;
    return PAPER_NONE;
}

enum paper_fault basis_check(const struct medical_basis *b, int64_t today,
                             const struct intake_policy *p)
{
    return term_check(b->issued_day, b->from_day, b->to_day, today, p->basis_max_days);
}

/* A limit that may be left out (0). */
static bool within(int value, int min, int max)
{
    return value == 0 || (value >= min && value <= max);
}

static enum paper_fault counts_check(const struct recommendation *r, const struct intake_policy *p)
{
    int shortest = p->shortest_lesson_minutes;

    if (!within(r->lesson_minutes, shortest, DAY_MINUTES))
        return PAPER_LESSON_MINUTES;
    if (!within(r->lessons_per_day, 1, DAY_MINUTES / shortest))
        return PAPER_PER_DAY;
    if (!within(r->lessons_per_week, r->lessons_per_day > 1 ? r->lessons_per_day : 1,
                DAYS_A_WEEK * (DAY_MINUTES / shortest)))
        return PAPER_PER_WEEK;
    if (!within(r->screen_minutes, 1, DAY_MINUTES))
        return PAPER_SCREEN_MINUTES;
    return PAPER_NONE;
}

static bool hours_ok(const struct recommendation *r, int shortest)
{
    if (r->from_minute == 0 && r->to_minute == 0)
        return true;
    return r->from_minute >= 0 && r->to_minute <= DAY_MINUTES &&
           r->to_minute - r->from_minute >= shortest;
}

enum paper_fault recommendation_check(const struct recommendation *r, int64_t today,
                                      const struct intake_policy *p)
{
    enum paper_fault f =
        term_check(r->issued_day, r->from_day, r->to_day, today, p->recommendation_max_days);

    if (f == PAPER_NONE)
        f = counts_check(r, p);
    if (f != PAPER_NONE)
        return f;
    if (!hours_ok(r, p->shortest_lesson_minutes))
        return PAPER_HOURS;
    if ((r->rest_weekdays & ~ALL_WEEKDAYS) != 0 || r->rest_weekdays == ALL_WEEKDAYS)
        return PAPER_REST_DAYS;
    if (r->equipment >> EQUIPMENT_COUNT != 0)
        return PAPER_EQUIPMENT;
    return PAPER_NONE;
}

/* ---- validity --------------------------------------------------------------------------- */

struct validity_report validity_at(int64_t from_day, int64_t to_day, int64_t today,
                                   const struct intake_policy *p)
{
    struct validity_report v = { .state = VALIDITY_VALID };

    if (from_day == DAY_NONE) {
        v.state = VALIDITY_ABSENT;
    } else if (today > to_day) {
        v.state = VALIDITY_EXPIRED;
    } else if (today < from_day) {
        v.state = VALIDITY_AHEAD;
    } else {
        v.days_left = to_day - today;
        for (int i = 0; i < PAPER_ALERTS; i++) {
            if (v.days_left <= p->alert_days[i])
                v.alert_days = p->alert_days[i];
        }
    }
    return v;
}

/* ---- names ------------------------------------------------------------------------------ */

static const struct {
    const char *field, *name;
} faults[] = {
#define X(code, field, fault) [PAPER_##code] = { field, fault },
    PAPER_FAULT_LIST(X)
#undef X
};

static const char *const equipment_names[] = {
#define X(code, name) [EQUIPMENT_##code] = name,
    EQUIPMENT_LIST(X)
#undef X
};

static const char *const validity_names[] = {
#define X(code, name) [VALIDITY_##code] = name,
    VALIDITY_LIST(X)
#undef X
};

const char *paper_fault_field(enum paper_fault f)
{
    return (unsigned)f < PAPER_FAULT_COUNT ? faults[f].field : "";
}

const char *paper_fault_name(enum paper_fault f)
{
    return (unsigned)f < PAPER_FAULT_COUNT ? faults[f].name : "unknown";
}

const char *equipment_name(enum equipment e)
{
    return (unsigned)e < EQUIPMENT_COUNT ? equipment_names[e] : "unknown";
}

bool equipment_parse(const char *name, enum equipment *out)
{
    for (unsigned i = 0; name && i < EQUIPMENT_COUNT; i++) {
        if (strcmp(equipment_names[i], name) == 0) {
            *out = (enum equipment)i;
            return true;
        }
    }
    return false;
}

const char *validity_name(enum validity v)
{
    return (size_t)v < sizeof validity_names / sizeof validity_names[0] ? validity_names[v]
                                                                        : "unknown";
}
