/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of need_return.
 */
#include "server/store/need_return.h"

#include "common/base/mem.h"

#define COLUMNS "r.id, r.school, r.period, r.count, r.rev, r.changed_ms, r.changed_by"

static void read_return(struct query *q, struct need_return *r)
{
    *r = (struct need_return){ 0 };
    r->id = row_int(q);
    r->school.v = row_int(q);
    row_text(q, r->period, sizeof r->period);
    r->count = row_int(q);
    r->rev = row_int(q);
    r->changed_ms = row_int(q);
    r->changed_by.v = row_int(q);
}

enum err need_return_load(struct db *db, int64_t id, struct need_return *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM need_return r WHERE r.id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_return(&q, out);
    return query_end_found(&q);
}

enum err need_return_save(struct db *db, const struct need_return *r, int64_t now_ms,
                          struct user_id by, int64_t *out_id)
{
    struct query q;
    int64_t id = r->id;
    enum err e;

    if (r->id == 0) {
        q = query_on(db, "INSERT INTO need_return (school, period, count, created_ms, created_by, "
                         "changed_ms, changed_by) VALUES ($1, $2, $3, $4, $5, $4, $5) "
                         "RETURNING id");
        query_int(&q, r->school.v);
        query_text(&q, r->period);
    } else {
        q = query_on(db, "UPDATE need_return SET count = $2, changed_ms = $3, changed_by = $4, "
                         "rev = rev + 1 WHERE id = $1 RETURNING id");
        query_int(&q, r->id);
    }
    query_int(&q, r->count);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out_id = id;
    return e;
}

enum err need_return_list(struct db *db, const struct need_return_filter *f,
                          struct need_return_list *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM need_return r "
                                  "JOIN org o ON o.id = r.school WHERE ($1 = 0 OR r.school = $1) "
                                  "AND ($2 = 0 OR o.parent = $2) AND ($3 = '' OR r.period = $3) "
                                  "ORDER BY r.period DESC, r.school LIMIT $4");
    struct need_return_list l = { 0 };
    struct need_return *item;
    enum err e;

    query_int(&q, f->school.v);
    query_int(&q, f->centre.v);
    query_text(&q, f->period ? f->period : "");
    query_int(&q, f->max);
    while (QUERY_NEXT(&q, &l, item))
        read_return(&q, item);
    e = query_end(&q);
    if (e)
        need_return_list_free(&l);
    else
        *out = l;
    return e;
}

void need_return_list_free(struct need_return_list *l)
{
    mem_free(l->items);
    *l = (struct need_return_list){ 0 };
}

enum err need_received(struct db *db, struct org_id school, int64_t from_ms, int64_t to_ms,
                       int64_t *out)
{
    struct query q = query_on(db, "SELECT count(*) FROM referral WHERE school = $1 "
                                  "AND first_ms >= $2 AND first_ms < $3 AND state <> 'withdrawn'");
    int64_t n = 0;
    enum err e;

    query_int(&q, school.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    if (query_row(&q))
        n = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out = n;
    return e;
}
