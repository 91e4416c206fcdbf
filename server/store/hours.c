/* SPDX-License-Identifier: Apache-2.0
 *
 * See hours.h.
 */
#include "server/store/hours.h"

#include <string.h>

#include "common/base/mem.h"
#include "server/domain/day.h"
#include "server/domain/zone.h"
#include "server/store/paper.h"

/* ---- edits ------------------------------------------------------------------------------ */

/* Whose list it is: one of the three. */
struct owner {
    int64_t child, mentor, org;
};

static enum err load_rev(struct db *db, const struct owner *o, int64_t *out)
{
    struct query q = query_on(db, "SELECT rev FROM hours_rev WHERE child = $1 OR mentor = $2 "
                                  "OR org = $3");

    *out = 0;
    query_id_or_null(&q, o->child);
    query_id_or_null(&q, o->mentor);
    query_id_or_null(&q, o->org);
    if (query_row(&q))
        *out = row_int(&q);
    return query_end(&q);
}

static enum err next_rev(struct db *db, const struct owner *o, int64_t rev, int64_t now_ms,
                         struct user_id by)
{
    struct query q;
    int64_t stored;
    enum err e = load_rev(db, o, &stored);

    if (!e && stored != rev)
        return ERR_STATE;
    if (e)
        return e;
    q = rev == 0 ? query_on(db, "INSERT INTO hours_rev (child, mentor, org, rev, changed_ms, "
                                "changed_by) VALUES ($1, $2, $3, 1, $4, $5)")
                 : query_on(db, "UPDATE hours_rev SET rev = rev + 1, changed_ms = $4, "
                                "changed_by = $5 WHERE child = $1 OR mentor = $2 OR org = $3");
    query_id_or_null(&q, o->child);
    query_id_or_null(&q, o->mentor);
    query_id_or_null(&q, o->org);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_run(&q);
}

/* ---- weekly times ----------------------------------------------------------------------- */

static void read_row(struct query *q, struct hours_row *r)
{
    char word[16];

    *r = (struct hours_row){ .id = row_int(q) };
    r->span.weekday = (int)row_int(q);
    r->span.from_minute = (int)row_int(q);
    r->span.to_minute = (int)row_int(q);
    row_text(q, word, sizeof word);
    if (!hours_kind_parse(word, &r->kind))
        query_blame(q);
    r->days.first = row_day(q);
    r->days.last = row_day(q);
    if (r->days.last == DAY_NONE)
        r->days.last = INT64_MAX;
}

static enum err load_hours(struct db *db, const struct owner *o, struct hours_list *out)
{
    struct query q = query_on(db, "SELECT id, weekday, from_minute, to_minute, kind, from_date, "
                                  "to_date FROM availability WHERE child = $1 OR mentor = $2 "
                                  "ORDER BY weekday, from_minute, kind, id");
    struct hours_list l = { 0 };
    struct hours_row *item;
    enum err e;

    query_id_or_null(&q, o->child);
    query_id_or_null(&q, o->mentor);
    while (QUERY_NEXT(&q, &l, item))
        read_row(&q, item);
    e = query_end(&q);
    if (!e)
        e = load_rev(db, o, &l.rev);
    if (e)
        hours_list_free(&l);
    else
        *out = l;
    return e;
}

enum err hours_of_child(struct db *db, struct child_id child, struct hours_list *out)
{
    return load_hours(db, &(struct owner){ .child = child.v }, out);
}

enum err hours_of_mentor(struct db *db, struct mentor_id mentor, struct hours_list *out)
{
    return load_hours(db, &(struct owner){ .mentor = mentor.v }, out);
}

void hours_list_free(struct hours_list *l)
{
    mem_free(l->items);
    *l = (struct hours_list){ 0 };
}

static enum err add_hours(struct db *db, const struct owner *o, const struct hours_row *r,
                          int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO availability (child, mentor, weekday, from_minute, "
                                  "to_minute, kind, from_date, to_date, created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    char from[DAY_TEXT_BYTES], to[DAY_TEXT_BYTES];

    day_write(r->days.first, from);
    day_write(r->days.last == INT64_MAX ? DAY_NONE : r->days.last, to);
    query_id_or_null(&q, o->child);
    query_id_or_null(&q, o->mentor);
    query_int(&q, r->span.weekday);
    query_int(&q, r->span.from_minute);
    query_int(&q, r->span.to_minute);
    query_text(&q, hours_kind_name(r->kind));
    query_text(&q, from);
    query_text(&q, to[0] ? to : NULL);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    return query_run(&q);
}

static enum err save_hours(struct db *db, const struct owner *o, int64_t rev,
                           const struct hours_row *rows, size_t n, int64_t now_ms,
                           struct user_id by)
{
    struct query q;
    enum err e = next_rev(db, o, rev, now_ms, by);

    if (e)
        return e;
    q = query_on(db, "DELETE FROM availability WHERE child = $1 OR mentor = $2");
    query_id_or_null(&q, o->child);
    query_id_or_null(&q, o->mentor);
    e = query_run(&q);
    for (size_t i = 0; !e && i < n; i++)
        e = add_hours(db, o, &rows[i], now_ms, by);
    return e;
}

enum err hours_save_child(struct db *db, struct child_id child, int64_t rev,
                          const struct hours_row *rows, size_t n, int64_t now_ms, struct user_id by)
{
    return save_hours(db, &(struct owner){ .child = child.v }, rev, rows, n, now_ms, by);
}

enum err hours_save_mentor(struct db *db, struct mentor_id mentor, int64_t rev,
                           const struct hours_row *rows, size_t n, int64_t now_ms,
                           struct user_id by)
{
    return save_hours(db, &(struct owner){ .mentor = mentor.v }, rev, rows, n, now_ms, by);
}

/* ---- schools ---------------------------------------------------------------------------- */

static const char *const term_kinds[TERM_KIND_COUNT] = {
#define X(code, name) [TERM_##code] = name,
    TERM_KIND_LIST(X)
#undef X
};

const char *term_kind_name(enum term_kind k)
{
    return (unsigned)k < TERM_KIND_COUNT ? term_kinds[k] : "none";
}

struct bells {
    struct week_span *items;
    size_t n;
};

static enum err load_bells(struct db *db, struct org_id school, struct school_calendar *c)
{
    struct query q = query_on(db, "SELECT weekday, from_minute, to_minute FROM bell "
                                  "WHERE org = $1 ORDER BY weekday, from_minute, id");
    struct bells l = { 0 };
    struct week_span *item;

    query_int(&q, school.v);
    while (QUERY_NEXT(&q, &l, item)) {
        item->weekday = (int)row_int(&q);
        item->from_minute = (int)row_int(&q);
        item->to_minute = (int)row_int(&q);
    }
    c->bells = l.items;
    c->bells_n = l.n;
    return query_end(&q);
}

struct days {
    int64_t *items;
    size_t n;
};

static enum err load_holidays(struct db *db, struct org_id school, struct school_calendar *c)
{
    struct query q = query_on(db, "SELECT date FROM holiday WHERE org = $1 ORDER BY date");
    struct days l = { 0 };
    int64_t *item;

    query_int(&q, school.v);
    while (QUERY_NEXT(&q, &l, item))
        *item = row_day(&q);
    c->holidays = l.items;
    c->holidays_n = l.n;
    return query_end(&q);
}

struct terms {
    struct term_row *items;
    size_t n;
};

static void read_term(struct query *q, struct term_row *t)
{
    char word[16];
    int k = 0;

    row_text(q, word, sizeof word);
    while (k < TERM_KIND_COUNT && strcmp(word, term_kinds[k]) != 0)
        k++;
    if (k == TERM_KIND_COUNT)
        query_blame(q);
    t->kind = (enum term_kind)k;
    t->days.first = row_day(q);
    t->days.last = row_day(q);
}

static enum err load_terms(struct db *db, struct org_id school, struct school_calendar *c)
{
    struct query q = query_on(db, "SELECT kind, from_date, to_date FROM term WHERE org = $1 "
                                  "ORDER BY from_date, id");
    struct terms l = { 0 };
    struct term_row *item;

    query_int(&q, school.v);
    while (QUERY_NEXT(&q, &l, item))
        read_term(&q, item);
    c->terms = l.items;
    c->terms_n = l.n;
    return query_end(&q);
}

enum err calendar_of_school(struct db *db, struct org_id school, struct school_calendar *out)
{
    struct school_calendar c = { 0 };
    enum err e = load_bells(db, school, &c);

    if (!e)
        e = load_holidays(db, school, &c);
    if (!e)
        e = load_terms(db, school, &c);
    if (!e)
        e = load_rev(db, &(struct owner){ .org = school.v }, &c.rev);
    if (e)
        school_calendar_free(&c);
    else
        *out = c;
    return e;
}

void school_calendar_free(struct school_calendar *c)
{
    mem_free(c->bells);
    mem_free(c->holidays);
    mem_free(c->terms);
    *c = (struct school_calendar){ 0 };
}

static enum err clear(struct db *db, struct org_id school)
{
    struct query q = query_on(db, "DELETE FROM bell WHERE org = $1");
    enum err e;

    query_int(&q, school.v);
    e = query_run(&q);
    if (e)
        return e;
    q = query_on(db, "DELETE FROM holiday WHERE org = $1");
    query_int(&q, school.v);
    e = query_run(&q);
    if (e)
        return e;
    q = query_on(db, "DELETE FROM term WHERE org = $1");
    query_int(&q, school.v);
    return query_run(&q);
}

static enum err add_bell(struct db *db, struct org_id school, const struct week_span *s)
{
    struct query q = query_on(db, "INSERT INTO bell (org, weekday, from_minute, to_minute) "
                                  "VALUES ($1, $2, $3, $4)");

    query_int(&q, school.v);
    query_int(&q, s->weekday);
    query_int(&q, s->from_minute);
    query_int(&q, s->to_minute);
    return query_run(&q);
}

static enum err add_holiday(struct db *db, struct org_id school, int64_t day)
{
    struct query q = query_on(db, "INSERT INTO holiday (org, date, kind) "
                                  "VALUES ($1, $2, 'holiday')");
    char date[DAY_TEXT_BYTES];

    day_write(day, date);
    query_int(&q, school.v);
    query_text(&q, date);
    return query_run(&q);
}

static enum err add_term(struct db *db, struct org_id school, const struct term_row *t)
{
    struct query q = query_on(db, "INSERT INTO term (org, kind, from_date, to_date) "
                                  "VALUES ($1, $2, $3, $4)");
    char from[DAY_TEXT_BYTES], to[DAY_TEXT_BYTES];

    day_write(t->days.first, from);
    day_write(t->days.last, to);
    query_int(&q, school.v);
    query_text(&q, term_kind_name(t->kind));
    query_text(&q, from);
    query_text(&q, to);
    return query_run(&q);
}

enum err calendar_save(struct db *db, struct org_id school, const struct school_calendar *c,
                       int64_t now_ms, struct user_id by)
{
    enum err e = next_rev(db, &(struct owner){ .org = school.v }, c->rev, now_ms, by);

    if (!e)
        e = clear(db, school);
    for (size_t i = 0; !e && i < c->bells_n; i++)
        e = add_bell(db, school, &c->bells[i]);
    for (size_t i = 0; !e && i < c->holidays_n; i++)
        e = add_holiday(db, school, c->holidays[i]);
    for (size_t i = 0; !e && i < c->terms_n; i++)
        e = add_term(db, school, &c->terms[i]);
    return e;
}

struct day_span calendar_year(const struct school_calendar *c, int64_t day, int first_month)
{
    struct day_span year;
    int y, m, d;

    for (size_t i = 0; i < c->terms_n; i++) {
        const struct term_row *t = &c->terms[i];

        if (t->kind == TERM_YEAR && t->days.first <= day && t->days.last >= day)
            return t->days;
    }
    date_from_days(day, &y, &m, &d);
    y -= m < first_month;
    year.first = date_to_days(y, first_month, 1);
    year.last = date_to_days(y + 1, first_month, 1) - 1;
    return year;
}
