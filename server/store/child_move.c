/* SPDX-License-Identifier: Apache-2.0
 *
 * See child_move.h.
 */
#include "server/store/child_move.h"

#include "common/base/mem.h"

enum err child_move_add(struct db *db, const struct child_move *m, struct user_id by,
                        int64_t *out_id)
{
    struct query q = query_on(db, "UPDATE child SET org_school = $3 WHERE id = $1 "
                                  "AND org_school = $2 AND $2 <> $3 RETURNING id");
    enum err e;

    query_int(&q, m->child.v);
    query_int(&q, m->from.v);
    query_int(&q, m->to.v);
    query_row(&q);
    e = query_end_found(&q);
    if (e)
        return e == ERR_NOTFOUND ? ERR_STATE : e;
    q = query_on(db, "INSERT INTO child_move (child, from_school, to_school, reason, at_ms, "
                     "by_user) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id");
    query_int(&q, m->child.v);
    query_int(&q, m->from.v);
    query_int(&q, m->to.v);
    query_text(&q, m->reason);
    query_int(&q, m->at_ms);
    query_id_or_null(&q, by.v);
    return query_insert(&q, out_id);
}

enum err child_move_list(struct db *db, struct org_id centre, int64_t since_ms,
                         struct child_move_list *out)
{
    struct query q =
        query_on(db, "SELECT m.id, m.child, m.from_school, m.to_school, m.reason, m.at_ms "
                     "FROM child_move m JOIN child c ON c.id = m.child WHERE c.centre = $1 "
                     "AND m.at_ms >= $2 AND NOT EXISTS (SELECT 1 FROM child_move later "
                     "WHERE later.child = m.child AND later.id > m.id) ORDER BY m.id DESC");
    struct child_move_list l = { 0 };
    struct child_move *item;
    enum err e;

    query_int(&q, centre.v);
    query_int(&q, since_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        item->id = row_int(&q);
        item->child.v = row_int(&q);
        item->from.v = row_int(&q);
        item->to.v = row_int(&q);
        row_text(&q, item->reason, sizeof item->reason);
        item->at_ms = row_int(&q);
    }
    e = query_end(&q);
    if (e)
        child_move_list_free(&l);
    else
        *out = l;
    return e;
}

void child_move_list_free(struct child_move_list *l)
{
    mem_free(l->items);
    *l = (struct child_move_list){ 0 };
}
