/* SPDX-License-Identifier: Apache-2.0
 *
 * R14 of a series: how far recommendation, order and approved line reach
 * without a gap. See series.h.
 */
#include "server/domain/schedule_inside.h"
#include "server/domain/series.h"

#define SPANS_MAX 64

struct spans {
    struct day_span items[SPANS_MAX];
    size_t n;
};

static void add(struct spans *s, struct day_span days)
{
    if (s->n < SPANS_MAX)
        s->items[s->n++] = days;
}

/* The first day from day on that no span covers; INT64_MAX: there is none. */
static int64_t gap_after(const struct spans *s, int64_t day)
{
    size_t i = 0;

    while (i < s->n && day != INT64_MAX) {
        if (day_in(s->items[i], day)) {
            day = s->items[i].last == INT64_MAX ? INT64_MAX : s->items[i].last + 1;
            i = 0;
        } else {
            i++;
        }
    }
    return day;
}

/* until, or the end of the run that begins on first, if there is one and it is sooner. */
static int64_t sooner(int64_t until, int64_t first, const struct spans *s)
{
    int64_t gap = gap_after(s, first);

    return gap == first || gap == INT64_MAX || gap - 1 > until ? until : gap - 1;
}

int64_t series_valid_until(const struct schedule_facts *facts, int64_t subject, int64_t first)
{
    const struct mentor_facts *m = facts->mentor;
    int64_t until = INT64_MAX;

    for (size_t i = 0; i < facts->children_n; i++) {
        const struct child_facts *c = &facts->children[i];
        struct spans advice = { .n = 0 }, lines = { .n = 0 }, orders = { .n = 0 };

        for (size_t k = 0; k < c->recommendations_n; k++)
            add(&advice, c->recommendations[k].days);
        for (size_t k = 0; k < c->lines_n; k++)
            if (c->lines[k].subject == subject)
                add(&lines, c->lines[k].days);
        for (size_t k = 0; m && k < m->employments_n; k++)
            if (org_id_eq(m->employments[k].school, c->school))
                add(&orders, m->employments[k].days);
        until = sooner(sooner(sooner(until, first, &advice), first, &lines), first, &orders);
    }
    return until;
}
