/* SPDX-License-Identifier: Apache-2.0
 *
 * Causes noted while somebody is missing; see noshow.h.
 */
#include "server/store/noshow.h"

#include "common/base/mem.h"

enum err noshow_cause_add(struct db *db, struct lesson_id lesson, struct child_id child,
                          const struct amendment *a, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO noshow_cause (lesson, child, code, reason, "
                                  "document_no, by_user, title, at_ms) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id");
    int64_t id = 0;
    enum err e;

    query_int(&q, lesson.v);
    query_int(&q, child.v);
    query_text(&q, (const char[2]){ a->new_code, '\0' });
    query_text(&q, a->reason);
    query_text(&q, a->document_no);
    query_int(&q, a->by.v);
    query_text(&q, a->title);
    query_int(&q, a->at_ms);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out_id = id;
    return e;
}

enum err noshow_cause_list(struct db *db, struct lesson_id lesson, struct child_id child,
                           struct amendment_list *out)
{
    struct query q = query_on(db, "SELECT id, code, reason, document_no, by_user, title, at_ms "
                                  "FROM noshow_cause WHERE lesson = $1 AND child = $2 ORDER BY id");
    struct amendment_list l = { 0 };
    struct amendment *a;
    char last = '\0';
    enum err e;

    query_int(&q, lesson.v);
    query_int(&q, child.v);
    while (QUERY_NEXT(&q, &l, a)) {
        char code[2];

        *a = (struct amendment){ .old_code = last };
        a->id = row_int(&q);
        row_text(&q, code, sizeof code);
        a->new_code = last = code[0];
        row_text(&q, a->reason, sizeof a->reason);
        row_text(&q, a->document_no, sizeof a->document_no);
        a->by.v = row_int(&q);
        row_text(&q, a->title, sizeof a->title);
        a->at_ms = row_int(&q);
    }
    e = query_end(&q);
    if (e)
        amendment_list_free(&l);
    else
        *out = l;
    return e;
}

static enum err settle(struct db *db, struct lesson_id lesson, const struct child_record *c)
{
    struct amendment_list l;
    enum err e = noshow_cause_list(db, lesson, c->child, &l);

    if (e)
        return e;
    for (size_t i = 0; !e && i < l.n; i++) {
        int64_t id;

        if (noshow_cause_settles(c->auto_code, l.items[i].new_code))
            e = amendment_add(db, lesson, c->child, &l.items[i], &id);
    }
    amendment_list_free(&l);
    return e;
}

enum err noshow_causes_settle(struct db *db, const struct lesson_record *run)
{
    enum err e = ERR_OK;

    for (int i = 0; !e && i < run->children_n; i++)
        e = settle(db, run->lesson, &run->children[i]);
    return e;
}
