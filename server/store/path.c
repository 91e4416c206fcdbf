/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of path tests, and the people of the lessons ahead. Desk thread.
 */
#include "server/store/path.h"

#include "common/base/mem.h"

#define WORD_MAX 16

enum err path_test_add(struct db *db, const struct path_test *t)
{
    const struct path_figures *f = &t->figures;
    struct query q = query_on(db, "INSERT INTO path_test (user_id, at_ms, udp, websocket, rtt_ms, "
                                  "loss_permille, up_kbps, down_kbps, microphone, camera, "
                                  "loudspeaker, verdict, cause) VALUES ($1, $2, $3, $4, $5, $6, "
                                  "$7, $8, $9, $10, $11, $12, $13)");

    query_int(&q, t->user.v);
    query_int(&q, t->at_ms);
    query_int(&q, f->udp);
    query_int(&q, f->websocket);
    query_int_or_null(&q, f->rtt_ms, PATH_UNKNOWN);
    query_int_or_null(&q, f->loss_permille, PATH_UNKNOWN);
    query_int_or_null(&q, f->up_kbps, PATH_UNKNOWN);
    query_int_or_null(&q, f->down_kbps, PATH_UNKNOWN);
    query_text(&q, path_device_name(f->microphone));
    query_text(&q, path_device_name(f->camera));
    query_text(&q, path_device_name(f->loudspeaker));
    query_text(&q, path_verdict_name(t->judgement.verdict));
    query_text(&q, path_cause_name(t->judgement.cause));
    return query_run(&q);
}

static void read_device(struct query *q, enum path_device *out)
{
    char word[WORD_MAX];

    row_text(q, word, sizeof word);
    if (!path_device_parse(word, out))
        query_blame(q);
}

static void read_judgement(struct query *q, struct path_judgement *out)
{
    char word[WORD_MAX];

    row_text(q, word, sizeof word);
    if (!path_verdict_parse(word, &out->verdict))
        query_blame(q);
    row_text(q, word, sizeof word);
    if (!path_cause_parse(word, &out->cause))
        query_blame(q);
}

enum err path_test_last(struct db *db, struct user_id user, struct path_test *out)
{
    struct query q = query_on(db, "SELECT at_ms, udp, websocket, rtt_ms, loss_permille, up_kbps, "
                                  "down_kbps, microphone, camera, loudspeaker, verdict, cause "
                                  "FROM path_test WHERE user_id = $1 "
                                  "ORDER BY at_ms DESC, id DESC LIMIT 1");
    struct path_test t = { .user = user };
    struct path_figures *f = &t.figures;
    enum err e;

    query_int(&q, user.v);
    if (query_row(&q)) {
        t.at_ms = row_int(&q);
        f->udp = row_bool(&q);
        f->websocket = row_bool(&q);
        f->rtt_ms = (int)row_int_or(&q, PATH_UNKNOWN);
        f->loss_permille = (int)row_int_or(&q, PATH_UNKNOWN);
        f->up_kbps = (int)row_int_or(&q, PATH_UNKNOWN);
        f->down_kbps = (int)row_int_or(&q, PATH_UNKNOWN);
        read_device(&q, &f->microphone);
        read_device(&q, &f->camera);
        read_device(&q, &f->loudspeaker);
        read_judgement(&q, &t.judgement);
    }
    e = query_end_found(&q);
    if (!e)
        *out = t;
    return e;
}

enum err path_test_count(struct db *db, struct user_id user, int64_t since_ms, int *out)
{
    struct query q =
        query_on(db, "SELECT count(*) FROM path_test WHERE user_id = $1 AND at_ms > $2");
    int n = 0;
    enum err e;

    query_int(&q, user.v);
    query_int(&q, since_ms);
    if (query_row(&q))
        n = (int)row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out = n;
    return e;
}

/* Whom a lesson in one of these states keeps no place for. */
#define DEAD "('planned', 'cancelled', 'rescheduled')"

enum err path_ahead_list(struct db *db, struct org_id centre, int64_t from_ms, int64_t to_ms,
                         struct path_ahead_list *out)
{
    struct query q = query_on(
        db, "SELECT user_id, mentor, min(start_ms) AS next_ms FROM ("
            "SELECT c.user_id, 0 AS mentor, l.start_ms FROM lesson l "
            "JOIN lesson_child lc ON lc.lesson = l.id JOIN child c ON c.id = lc.child "
            "WHERE l.org = $1 AND l.start_ms >= $2 AND l.start_ms < $3 AND l.state NOT IN " DEAD
            " UNION ALL "
            "SELECT m.user_id, 1 AS mentor, l.start_ms FROM lesson l "
            "JOIN mentor m ON m.id = l.mentor "
            "WHERE l.org = $1 AND l.start_ms >= $2 AND l.start_ms < $3 AND l.state NOT IN " DEAD
            " AND l.state <> 'needs_substitute') AS ahead "
            "GROUP BY user_id, mentor ORDER BY next_ms, user_id");
    struct path_ahead_list l = { 0 };
    struct path_ahead *item;
    enum err e;

    query_int(&q, centre.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        item->user.v = row_int(&q);
        item->mentor = row_bool(&q);
        item->next_ms = row_int(&q);
    }
    e = query_end(&q);
    if (e)
        path_ahead_list_free(&l);
    else
        *out = l;
    return e;
}

void path_ahead_list_free(struct path_ahead_list *l)
{
    mem_free(l->items);
    *l = (struct path_ahead_list){ 0 };
}

enum err path_next_lesson(struct db *db, struct user_id user, int64_t from_ms, int64_t *out)
{
    struct query q = query_on(
        db, "SELECT min(l.start_ms) FROM lesson l JOIN mentor m ON m.id = l.mentor "
            "WHERE l.start_ms >= $2 AND l.state NOT IN " DEAD " AND (m.user_id = $1 OR EXISTS ("
            "SELECT 1 FROM lesson_child lc JOIN child c ON c.id = lc.child "
            "WHERE lc.lesson = l.id AND c.user_id = $1))");
    int64_t next = 0;
    enum err e;

    query_int(&q, user.v);
    query_int(&q, from_ms);
    if (query_row(&q))
        next = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out = next;
    return e;
}
