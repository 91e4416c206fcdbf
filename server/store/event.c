/* SPDX-License-Identifier: Apache-2.0
 *
 * Room events, written words, link samples, kept answers, and the sweep.
 */
#include "server/store/event.h"

#include "common/base/mem.h"
#include "common/base/now.h"

/* How long things are kept (DOMAIN 2.5). Lesson rows and attendance are never swept. */
#define KEEP_ANSWER_MS MS_PER_DAY
#define KEEP_TRY_MS (30 * MS_PER_DAY)
#define KEEP_SAMPLE_MS (30 * MS_PER_DAY)
#define KEEP_PATH_MS (30 * MS_PER_DAY)
#define KEEP_CHAT_MS (365 * MS_PER_DAY) /* DOMAIN 2.5; a confirmed run may take it sooner */
#define KEEP_LINK_MS (90 * MS_PER_DAY)

enum err room_event_add(struct db *db, struct lesson_id lesson, struct user_id user,
                        const char *event, int64_t value, int64_t at_ms)
{
    struct query q = query_on(db, "INSERT INTO room_event (lesson, user_id, event, value, at_ms) "
                                  "VALUES ($1, $2, $3, $4, $5)");

    query_int(&q, lesson.v);
    query_id_or_null(&q, user.v);
    query_text(&q, event);
    query_int(&q, value);
    query_int(&q, at_ms);
    return query_run(&q);
}

enum err chat_add(struct db *db, struct lesson_id lesson, struct user_id user, const char *text,
                  int64_t at_ms)
{
    struct query q = query_on(db, "INSERT INTO chat_line (lesson, user_id, text, at_ms) "
                                  "VALUES ($1, $2, $3, $4)");

    query_int(&q, lesson.v);
    query_int(&q, user.v);
    query_text(&q, text);
    query_int(&q, at_ms);
    return query_run(&q);
}

enum err media_sample_add(struct db *db, struct session_id session, int64_t at_ms,
                          int loss_permille, int rtt_ms, int up_kbps, int down_kbps)
{
    struct query q = query_on(db, "INSERT INTO media_sample (session, at_ms, loss_permille, "
                                  "rtt_ms, up_kbps, down_kbps) VALUES ($1, $2, $3, $4, $5, $6) "
                                  "ON CONFLICT (session, at_ms) DO NOTHING");

    query_int(&q, session.v);
    query_int(&q, at_ms);
    query_int(&q, loss_permille);
    query_int(&q, rtt_ms);
    query_int(&q, up_kbps);
    query_int(&q, down_kbps);
    return query_run(&q);
}

enum err room_event_list(struct db *db, struct lesson_id lesson, struct room_event_list *out)
{
    struct query q = query_on(db, "SELECT e.user_id, e.at_ms, e.value, e.event, u.short_name "
                                  "FROM room_event e LEFT JOIN \"user\" u ON u.id = e.user_id "
                                  "WHERE e.lesson = $1 ORDER BY e.at_ms, e.id");
    struct room_event_list l = { 0 };
    struct room_event *item;
    enum err e;

    query_int(&q, lesson.v);
    while (QUERY_NEXT(&q, &l, item)) {
        item->user.v = row_int(&q);
        item->at_ms = row_int(&q);
        item->value = row_int(&q);
        row_text(&q, item->event, sizeof item->event);
        row_text(&q, item->name, sizeof item->name);
    }
    e = query_end(&q);
    if (e)
        room_event_list_free(&l);
    else
        *out = l;
    return e;
}

void room_event_list_free(struct room_event_list *l)
{
    mem_free(l->items);
    *l = (struct room_event_list){ 0 };
}

enum err answer_load(struct db *db, struct user_id user, const char *key, struct kept_answer *out)
{
    struct query q = query_on(db, "SELECT status, body, request_hash FROM idempotency "
                                  "WHERE user_id = $1 AND key = $2");
    struct kept_answer a = { 0 };
    enum err e;

    query_int(&q, user.v);
    query_text(&q, key);
    if (query_row(&q)) {
        a.status = (int)row_int(&q);
        a.body = row_text_dup(&q);
        row_bytes(&q, a.request_hash, sizeof a.request_hash);
    }
    e = query_end_found(&q);
    if (e)
        mem_free(a.body);
    else
        *out = a;
    return e;
}

enum err answer_keep(struct db *db, struct user_id user, const char *key,
                     const uint8_t *request_hash, int status, const char *body, int64_t now_ms)
{
    struct query q = query_on(db, "INSERT INTO idempotency (user_id, key, request_hash, status, "
                                  "body, at_ms) VALUES ($1, $2, $3, $4, $5, $6)");

    query_int(&q, user.v);
    query_text(&q, key);
    query_bytes(&q, request_hash, 32);
    query_int(&q, status);
    query_text(&q, body);
    query_int(&q, now_ms);
    return query_run(&q);
}

static enum err sweep_one(struct db *db, const char *sql, int64_t before_ms)
{
    struct query q = query_on(db, sql);

    query_int(&q, before_ms);
    return query_run(&q);
}

enum err store_sweep(struct db *db, int64_t now_ms)
{
    static const struct {
        const char *sql;
        int64_t keep_ms;
    } sweeps[] = {
        { "DELETE FROM idempotency WHERE at_ms < $1", KEEP_ANSWER_MS },
        { "DELETE FROM sign_in_try WHERE at_ms < $1", KEEP_TRY_MS },
        { "DELETE FROM media_sample WHERE at_ms < $1", KEEP_SAMPLE_MS },
        { "DELETE FROM path_test WHERE at_ms < $1", KEEP_PATH_MS },
        /* All but that of a disputed lesson and of one with somebody whose records a hold keeps. */
        { "DELETE FROM chat_line WHERE at_ms < $1 AND lesson NOT IN "
          "(SELECT id FROM lesson WHERE state = 'disputed' UNION ALL SELECT lc.lesson FROM "
          "retention_hold h JOIN child c ON c.user_id = h.user_id "
          "JOIN lesson_child lc ON lc.child = c.id WHERE h.lifted_ms IS NULL "
          "UNION ALL SELECT l.id FROM retention_hold h JOIN mentor m ON m.user_id = h.user_id "
          "JOIN lesson l ON l.mentor = m.id WHERE h.lifted_ms IS NULL)",
          KEEP_CHAT_MS },
        { "DELETE FROM sign_in_link WHERE expires_ms < $1", KEEP_LINK_MS },
    };
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < sizeof sweeps / sizeof sweeps[0]; i++)
        e = sweep_one(db, sweeps[i].sql, now_ms - sweeps[i].keep_ms);
    return e;
}
