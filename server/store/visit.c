/* SPDX-License-Identifier: Apache-2.0
 *
 * Tours, talks and trial classes of sections, and who came; see section.h.
 */
#include "common/base/mem.h"
#include "server/store/section.h"

enum err visit_add(struct db *db, const struct section_visit *v, int64_t now_ms, struct user_id by,
                   int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO section_visit (section, kind, start_ms, minutes, "
                                  "created_ms, created_by) VALUES ($1, $2, $3, $4, $5, $6) "
                                  "RETURNING id");

    query_int(&q, v->section);
    query_text(&q, visit_kind_name(v->kind));
    query_int(&q, v->start_ms);
    query_int(&q, v->minutes);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_insert(&q, out_id);
}

static void read_visit(struct query *q, struct section_visit *v)
{
    char kind[8];

    v->id = row_int(q);
    v->section = row_int(q);
    row_text(q, kind, sizeof kind);
    if (q->err == ERR_OK && !visit_kind_parse(kind, &v->kind))
        query_blame(q);
    v->start_ms = row_int(q);
    v->minutes = (int)row_int(q);
}

enum err visit_load(struct db *db, int64_t id, struct section_visit *out)
{
    struct query q = query_on(db, "SELECT id, section, kind, start_ms, minutes "
                                  "FROM section_visit WHERE id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_visit(&q, out);
    return query_end_found(&q);
}

enum err visit_list(struct db *db, int64_t section, int64_t from_ms, struct visit_list *out)
{
    struct query q = query_on(db, "SELECT id, section, kind, start_ms, minutes FROM section_visit "
                                  "WHERE section = $1 AND start_ms >= $2 ORDER BY start_ms, id");
    struct visit_list l = { 0 };
    struct section_visit *item;
    enum err err;

    query_int(&q, section);
    query_int(&q, from_ms);
    while (QUERY_NEXT(&q, &l, item))
        read_visit(&q, item);
    err = query_end(&q);
    if (err)
        visit_list_free(&l);
    else
        *out = l;
    return err;
}

void visit_list_free(struct visit_list *l)
{
    mem_free(l->items);
    *l = (struct visit_list){ 0 };
}

enum err visit_sign(struct db *db, int64_t visit, struct child_id child, int64_t now_ms,
                    struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO section_visitor (visit, child, signed_ms, "
                                  "signed_by) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");

    query_int(&q, visit);
    query_int(&q, child.v);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_run(&q);
}

enum err visit_record(struct db *db, int64_t visit, struct child_id child, bool attended,
                      int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "UPDATE section_visitor SET attended = $3, recorded_ms = $4, "
                                  "recorded_by = $5 WHERE visit = $1 AND child = $2 "
                                  "RETURNING visit");

    query_int(&q, visit);
    query_int(&q, child.v);
    query_int(&q, attended);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    query_row(&q);
    return query_end_found(&q);
}

enum err visitor_list(struct db *db, int64_t visit, struct child_id child, struct visitor_list *out)
{
    struct query q = query_on(db, "SELECT v.child, c.user_id, v.attended FROM section_visitor v "
                                  "JOIN child c ON c.id = v.child WHERE v.visit = $1 "
                                  "AND ($2 = 0 OR v.child = $2) ORDER BY v.signed_ms, v.child");
    struct visitor_list l = { 0 };
    struct visitor *item;
    enum err err;

    query_int(&q, visit);
    query_int(&q, child.v);
    while (QUERY_NEXT(&q, &l, item)) {
        item->child.v = row_int(&q);
        item->user.v = row_int(&q);
        item->attended = (int)row_int_or(&q, -1);
    }
    err = query_end(&q);
    if (err)
        visitor_list_free(&l);
    else
        *out = l;
    return err;
}

void visitor_list_free(struct visitor_list *l)
{
    mem_free(l->items);
    *l = (struct visitor_list){ 0 };
}

enum err visit_informed(struct db *db, int64_t section, struct child_id child, int64_t *out_ms)
{
    struct query q = query_on(db, "SELECT coalesce(max(s.start_ms), 0) FROM section_visit s "
                                  "JOIN section_visitor v ON v.visit = s.id WHERE s.section = $1 "
                                  "AND v.child = $2 AND v.attended = 1");

    query_int(&q, section);
    query_int(&q, child.v);
    if (query_row(&q))
        *out_ms = row_int(&q);
    return query_end_found(&q);
}
