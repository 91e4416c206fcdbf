/* SPDX-License-Identifier: Apache-2.0
 *
 * See week.h.
 */
#include "server/domain/week.h"

#include "common/base/now.h"
#include "server/domain/zone.h"

#define DAY_MINUTES (24 * 60)

static const char *const names[] = {
#define X(code, name) [HATCH_##code] = name,
    HATCH_LIST(X)
#undef X
};

const char *hatch_name(enum hatch_kind k)
{
    return (size_t)k < HATCH_COUNT ? names[k] : "unknown";
}

/* ISO, 1 Monday: 1 January 1970 was a Thursday. */
static int weekday(int64_t day)
{
    return (int)((day % 7 + 7 + 3) % 7) + 1;
}

int64_t week_monday(int64_t day)
{
    return day - (weekday(day) - 1);
}

bool week_holiday(const struct school_facts *school, int64_t day)
{
    for (size_t i = 0; school && i < school->holidays_n; i++)
        if (school->holidays[i] == day)
            return true;
    return false;
}

struct hatching {
    struct hatch *out;
    size_t cap, n;
};

static void add(struct hatching *h, enum hatch_kind kind, int64_t day, int from, int to)
{
    if (from >= to)
        return;
    if (h->n < h->cap)
        h->out[h->n] = (struct hatch){ kind, day, from, to };
    h->n++;
}

/* The recommendation of that day; NULL without one. */
static const struct advice *advice_on(const struct child_facts *child, int64_t day)
{
    for (size_t i = 0; i < child->recommendations_n; i++) {
        const struct advice *a = &child->recommendations[i];

        if (a->days.first <= day && day <= a->days.last)
            return a;
    }
    return NULL;
}

static bool rests(const struct child_facts *child, const struct advice *a,
                  const struct schedule_policy *policy, int64_t day)
{
    unsigned rest = policy->rest_weekdays;

    if (child->grade == 1)
        rest |= policy->grade_1_rest;
    if (a)
        rest |= a->rest_weekdays;
    return (rest >> weekday(day) & 1u) != 0;
}

/* What the allowed hours of that weekday leave over. */
static void close_hours(const struct advice *a, int64_t day, struct hatching *h)
{
    int open = 0;

    for (size_t i = 0; a && i < a->hours_n; i++) {
        if (a->hours[i].weekday != weekday(day))
            continue;
        add(h, HATCH_CLOSED, day, open, a->hours[i].from_minute);
        open = a->hours[i].to_minute;
    }
    if (a && a->hours_n > 0)
        add(h, HATCH_CLOSED, day, open, DAY_MINUTES);
}

/* A treatment, cut at midnight. */
static void treat(const struct treatment_block *t, const char *tz, int64_t monday,
                  struct hatching *h)
{
    struct local_time from, to;
    int64_t first, last;

    if (zone_local(tz, t->start_ms, &from) || zone_local(tz, t->end_ms - 1, &to))
        return;
    first = date_to_days(from.year, from.month, from.day);
    last = date_to_days(to.year, to.month, to.day);
    for (int64_t day = first < monday ? monday : first; day <= last && day < monday + WEEK_DAYS;
         day++)
        add(h, HATCH_TREATMENT, day, day == first ? from.hour * 60 + from.minute : 0,
            day == last ? to.hour * 60 + to.minute + 1 : DAY_MINUTES);
}

size_t week_hatches(const struct child_facts *child, const struct school_facts *school,
                    const struct schedule_policy *policy, int64_t monday, struct hatch *out,
                    size_t cap)
{
    struct hatching h = { out, cap, 0 };

    for (int64_t day = monday; day < monday + WEEK_DAYS; day++) {
        const struct advice *a = advice_on(child, day);

        if (week_holiday(school, day))
            add(&h, HATCH_HOLIDAY, day, 0, DAY_MINUTES);
        else if (rests(child, a, policy, day))
            add(&h, HATCH_REST, day, 0, DAY_MINUTES);
        else
            close_hours(a, day, &h);
    }
    for (size_t i = 0; i < child->treatments_n; i++)
        treat(&child->treatments[i], child->tz, monday, &h);
    return h.n;
}
