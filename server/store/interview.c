/* SPDX-License-Identifier: Apache-2.0
 *
 * See interview.h.
 */
#include "server/store/interview.h"

#include "common/base/mem.h"

enum err interview_add(struct db *db, const struct interview *i, int64_t now_ms, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO interview (mentor, held_ms, score, evidence, "
                                  "created_ms, created_by) VALUES ($1, $2, $3, $4, $5, $6) "
                                  "RETURNING id");

    query_int(&q, i->mentor.v);
    query_int(&q, i->held_ms);
    query_int(&q, i->score);
    query_text(&q, i->evidence);
    query_int(&q, now_ms);
    query_int(&q, i->by.v);
    return query_insert(&q, out_id);
}

enum err interview_list(struct db *db, struct mentor_id mentor, struct interview_list *out)
{
    struct query q =
        query_on(db, "SELECT id, mentor, held_ms, score, evidence, created_by "
                     "FROM interview WHERE mentor = $1 ORDER BY held_ms DESC, id DESC");
    struct interview_list l = { 0 };
    struct interview *item;
    enum err e;

    query_int(&q, mentor.v);
    while (QUERY_NEXT(&q, &l, item)) {
        item->id = row_int(&q);
        item->mentor.v = row_int(&q);
        item->held_ms = row_int(&q);
        item->score = (int)row_int(&q);
        row_text(&q, item->evidence, sizeof item->evidence);
        item->by.v = row_int(&q);
    }
    e = query_end(&q);
    if (e)
        interview_list_free(&l);
    else
        *out = l;
    return e;
}

void interview_list_free(struct interview_list *l)
{
    mem_free(l->items);
    *l = (struct interview_list){ 0 };
}
