/* SPDX-License-Identifier: Apache-2.0
 *
 * Lessons folded into days.
 */
#include "server/domain/timesheet.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/domain/zone.h"

#define QUARTER_MS (15 * MS_PER_MIN)

void timesheet_deinit(struct timesheet *t)
{
    mem_free(t->entries);
    mem_free(t->rows);
    *t = (struct timesheet){ 0 };
}

static int by_row(const void *a, const void *b)
{
    const struct timesheet_entry *x = a, *y = b;
    int names = strcmp(x->mentor_name, y->mentor_name);

    if (names)
        return names;
    if (x->mentor.v != y->mentor.v)
        return x->mentor.v < y->mentor.v ? -1 : 1;
    if (x->school.v != y->school.v)
        return x->school.v < y->school.v ? -1 : 1;
    return (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

/* Keeps the entries of the month. */
static enum err keep_month(struct timesheet *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->entries_n; i++) {
        struct local_time at;

        if (zone_local(t->entries[i].tz, t->entries[i].start_ms, &at) != ERR_OK)
            return ERR_NOTFOUND;
        if (at.year == t->year && at.month == t->month)
            t->entries[n++] = t->entries[i];
    }
    t->entries_n = n;
    return ERR_OK;
}

static enum err add(struct timesheet_row *row, const struct timesheet_entry *e)
{
    struct local_time at;

    if (zone_local(e->tz, e->start_ms, &at) != ERR_OK)
        return ERR_NOTFOUND;
    if (!e->computed) {
        row->open++;
        return ERR_OK;
    }
    row->lessons++;
    row->days += row->quarters[at.day - 1] == 0 && e->credit_quarters > 0;
    row->quarters[at.day - 1] += e->credit_quarters;
    row->total_quarters += e->credit_quarters;
    if (e->substitute)
        row->substitute_quarters += e->credit_quarters;
    return ERR_OK;
}

enum err timesheet_close(struct timesheet *t)
{
    int64_t first, next;
    enum err err;

    if (t->month < 1 || t->month > 12)
        return ERR_INVAL;
    first = date_to_days(t->year, t->month, 1);
    next =
        t->month == 12 ? date_to_days(t->year + 1, 1, 1) : date_to_days(t->year, t->month + 1, 1);
    t->last_day = (int)(next - first);
    err = keep_month(t);
    if (err)
        return err;
    if (t->entries_n)
        qsort(t->entries, t->entries_n, sizeof t->entries[0], by_row);
    mem_free(t->rows);
    t->rows_n = 0;
    t->rows = mem_zalloc(t->entries_n ? t->entries_n : 1, sizeof t->rows[0]);
    if (!t->rows)
        return ERR_NOMEM;
    for (size_t i = 0; !err && i < t->entries_n; i++) {
        const struct timesheet_entry *e = &t->entries[i];

        if (i == 0 || e->mentor.v != e[-1].mentor.v || e->school.v != e[-1].school.v)
            t->rows[t->rows_n++].of = e;
        err = add(&t->rows[t->rows_n - 1], e);
    }
    return err;
}

int timesheet_quarter_hours(int64_t contact_ms)
{
    return contact_ms > 0 ? (int)(contact_ms / QUARTER_MS) : 0;
}

const char *timesheet_code(int quarters)
{
    return quarters > 0 ? "Ф" : "";
}
