/* SPDX-License-Identifier: Apache-2.0
 *
 * Weekly times and approved lines as facts of the timetable's rules; see
 * timetable.h. Weekly times are those that hold on the day of the lesson in
 * question: a list that changes within the weeks looked at is asked again when
 * the lesson is on the other side.
 */
#include "server/store/timetable_inside.h"

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/domain/day.h"
#include "server/store/hours.h"
#include "server/store/programme.h"

/* A day of the place, or none where its zone is not known: then the rules say so themselves. */
static int64_t day_at(const char *tz, int64_t ms)
{
    int64_t day;

    return day_in_zone(tz, ms, &day) == ERR_OK ? day : DAY_NONE;
}

enum err timetable_mentor_hours(struct db *db, const struct timetable_query *q, struct timetable *t)
{
    int64_t day = day_at(t->mentor_tz, q->at_ms);
    struct hours_list l;
    size_t n = 0;
    enum err err = hours_of_mentor(db, q->mentor, &l);

    if (err)
        return err;
    for (size_t i = 0; i < l.n && n < HOURS_ROWS_MAX; i++)
        if (l.items[i].days.first <= day && l.items[i].days.last >= day)
            t->mentor_hours[n++] = l.items[i].span;
    t->mentor.hours = l.n > 0 ? t->mentor_hours : NULL;
    t->mentor.hours_n = n;
    hours_list_free(&l);
    return ERR_OK;
}

struct blocks {
    struct treatment_block *items;
    size_t n;
};

static enum err add_block(struct blocks *l, const struct treatment_block *b)
{
    struct treatment_block *grown = store_grow(l->items, l->n, sizeof *l->items);

    if (!grown)
        return ERR_NOMEM;
    l->items = grown;
    l->items[l->n++] = *b;
    return ERR_OK;
}

static enum err expand(const struct hours_row *row, const char *tz, int64_t first, int64_t last,
                       struct blocks *l)
{
    enum err err = ERR_OK;

    for (int64_t day = first; !err && day <= last; day++) {
        struct treatment_block b = { .id = row->id };

        if (hours_on_day(row, tz, day, &b.start_ms, &b.end_ms))
            err = add_block(l, &b);
    }
    return err;
}

enum err timetable_treatments(struct db *db, const struct timetable_query *q, struct timetable *t,
                              int i)
{
    int64_t first = day_at(t->child_tz[i], q->from_ms), last = day_at(t->child_tz[i], q->to_ms);
    struct blocks blocks = { 0 };
    struct hours_list l;
    enum err err = hours_of_child(db, q->children[i], &l);

    if (err)
        return err;
    for (size_t k = 0; !err && first != DAY_NONE && last != DAY_NONE && k < l.n; k++)
        if (l.items[k].kind != HOURS_FREE)
            err = expand(&l.items[k], t->child_tz[i], first, last, &blocks);
    hours_list_free(&l);
    t->treatments[i] = blocks.items;
    t->children[i].treatments = blocks.items;
    t->children[i].treatments_n = blocks.n;
    return err;
}

/* ---- R16 -------------------------------------------------------------------------------- */

static const struct school_facts *school_of(const struct timetable *t, int i)
{
    for (size_t k = 0; k < t->facts.schools_n; k++)
        if (org_id_eq(t->schools[k].id, t->children[i].school))
            return &t->schools[k];
    return NULL;
}

static enum err day_begin(const char *tz, int64_t day, int64_t *out)
{
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    return zone_day_start(tz, y, m, d, out);
}

/* A school year outside the known years gave nothing that is known. */
static enum err add_given(struct db *db, const struct timetable_query *q, struct timetable *t,
                          int i, size_t lines_n)
{
    const struct school_facts *school = school_of(t, i);
    struct given_list l = { 0 };
    int64_t from, to;
    enum err err;

    if (!school || lines_n == 0 || day_begin(school->tz, school->year.first, &from) ||
        day_begin(school->tz, school->year.last + 1, &to))
        return ERR_OK;
    err = given_outside(db, q->children[i], q->draft, from, to, q->from_ms, q->to_ms, &l);
    for (size_t k = 0; !err && k < l.n; k++)
        for (size_t n = 0; n < lines_n; n++)
            if (t->lines[i][n].subject == l.items[k].subject)
                t->lines[i][n].year_other_ms = l.items[k].ms;
    mem_free(l.items);
    return err;
}

enum err timetable_lines(struct db *db, const struct timetable_query *q, struct timetable *t, int i)
{
    struct approved_list l;
    enum err err = approved_lines(db, q->children[i], &l);

    if (err)
        return err;
    t->lines[i] = mem_zalloc(l.n + 1, sizeof *t->lines[i]); /* none is a list, too */
    for (size_t k = 0; t->lines[i] && k < l.n; k++)
        t->lines[i][k] = l.items[k].line;
    t->children[i].lines = t->lines[i];
    t->children[i].lines_n = t->lines[i] ? l.n : 0;
    approved_list_free(&l);
    return t->lines[i] ? add_given(db, q, t, i, t->children[i].lines_n) : ERR_NOMEM;
}
