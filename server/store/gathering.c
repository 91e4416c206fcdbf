/* SPDX-License-Identifier: Apache-2.0
 *
 * Gatherings and their guests.
 */
#include "server/store/gathering.h"

#include <string.h>

#include "common/base/mem.h"

static enum err insert_gathering(struct db *db, const struct gathering_plan *p, struct lesson_id id)
{
    struct query q = query_on(db, "INSERT INTO gathering (lesson, kind, title) "
                                  "VALUES ($1, $2, $3)");

    query_int(&q, id.v);
    query_text(&q, p->kind);
    query_text(&q, p->title);
    return query_run(&q);
}

enum err guest_invite(struct db *db, struct lesson_id lesson, const struct guest *g)
{
    struct query q = query_on(db, "INSERT INTO invitation (lesson, user_id, part) "
                                  "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");

    query_int(&q, lesson.v);
    query_int(&q, g->user.v);
    query_text(&q, g->speaks ? "speaker" : "listener");
    return query_run(&q);
}

enum err guest_withdraw(struct db *db, struct lesson_id lesson, struct user_id user)
{
    struct query q = query_on(db, "DELETE FROM invitation WHERE lesson = $1 AND user_id = $2");

    query_int(&q, lesson.v);
    query_int(&q, user.v);
    return query_run(&q);
}

enum err gathering_add(struct db *db, const struct gathering_plan *p, int64_t now_ms,
                       struct user_id by, struct lesson_id *out)
{
    struct lesson_plan plan = { .org = p->org,
                                .subject_id = p->subject_id,
                                .mentor = p->host,
                                .start_ms = p->start_ms,
                                .end_ms = p->end_ms,
                                .tz = p->tz,
                                .kind = "group",
                                .state = LESSON_SCHEDULED };
    struct lesson_id id = { 0 };
    enum err e;

    if (p->guests_n < 1 || p->guests_n > LESSON_GUESTS_MAX)
        return ERR_INVAL;
    e = lesson_add_row(db, &plan, now_ms, by, &id);
    if (!e)
        e = insert_gathering(db, p, id);
    for (int i = 0; !e && i < p->guests_n; i++)
        e = guest_invite(db, id, &p->guests[i]);
    if (!e)
        *out = id;
    return e;
}

enum err guest_list(struct db *db, struct lesson_id lesson, struct guest_list *out)
{
    struct query q = query_on(db, "SELECT user_id, part FROM invitation WHERE lesson = $1 "
                                  "ORDER BY part DESC, user_id");
    struct guest_list l = { 0 };
    struct guest *g;
    enum err e;

    query_int(&q, lesson.v);
    while (QUERY_NEXT(&q, &l, g)) {
        char part[16];

        g->user.v = row_int(&q);
        row_text(&q, part, sizeof part);
        g->speaks = strcmp(part, "speaker") == 0;
    }
    e = query_end(&q);
    if (e)
        guest_list_free(&l);
    else
        *out = l;
    return e;
}

void guest_list_free(struct guest_list *l)
{
    mem_free(l->items);
    *l = (struct guest_list){ 0 };
}

enum err gathering_list(struct db *db, struct user_id user, struct org_id centre, int64_t from_ms,
                        int64_t to_ms, struct lesson_list *out)
{
    struct query q =
        query_on(db, "SELECT l.id FROM gathering g JOIN lesson l ON l.id = g.lesson "
                     "JOIN mentor m ON m.id = l.mentor WHERE l.start_ms >= $3 AND l.start_ms < $4 "
                     "AND (l.org = $2 OR m.user_id = $1 OR EXISTS (SELECT 1 FROM invitation i "
                     "WHERE i.lesson = l.id AND i.user_id = $1)) ORDER BY l.start_ms, l.id");
    struct lesson_list l = { 0 };
    struct lesson *item;
    enum err e;

    query_int(&q, user.v);
    query_int(&q, centre.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    while (QUERY_NEXT(&q, &l, item))
        item->facts.id.v = row_int(&q);
    e = query_end(&q);
    for (size_t i = 0; !e && i < l.n; i++)
        e = lesson_load(db, l.items[i].facts.id, &l.items[i]);
    if (e)
        lesson_list_free(&l);
    else
        *out = l;
    return e;
}
