/* SPDX-License-Identifier: Apache-2.0
 *
 * The quarters of the demo's schools, so that there are mark sheets: one of the
 * two months that the demo looks back on, which is over, and one that runs from
 * the first of this month to the end of the next. See demo_world.h.
 */
#include "server/api/demo_world.h"
#include "server/domain/zone.h"
#include "server/store/hours.h"

#define QUARTERS 2

/* The first day of the month that lies so many months from the one of today. */
static int64_t first_of(const struct local_time *t, int months)
{
    int at = t->year * 12 + t->month - 1 + months;

    return date_to_days(at / 12, at % 12 + 1, 1);
}

static enum err school_terms(struct demo_world *w, struct org_id school,
                             const struct local_time *today)
{
    struct term_row terms[QUARTERS] = {
        { TERM_QUARTER, { first_of(today, -2), first_of(today, 0) - 1 } },
        { TERM_QUARTER, { first_of(today, 0), first_of(today, 2) - 1 } },
    };
    struct school_calendar now;
    struct school_calendar next;
    enum err err = calendar_of_school(w->db, school, &now);

    if (err)
        return err;
    next = now;
    next.terms = terms;
    next.terms_n = QUARTERS;
    if (now.terms_n == 0)
        err = calendar_save(w->db, school, &next, w->now_ms, w->coordinator);
    school_calendar_free(&now);
    return err;
}

enum err demo_terms(struct demo_world *w)
{
    struct local_time today;
    enum err err = zone_local(DEMO_CENTRE_TZ, w->now_ms, &today);

    for (int i = 0; !err && i < DEMO_SCHOOLS; i++)
        err = school_terms(w, w->schools[i], &today);
    return err;
}
