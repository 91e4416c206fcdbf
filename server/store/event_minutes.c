/* SPDX-License-Identifier: Apache-2.0
 *
 * Minutes of events, their decisions, signatures and addenda as rows; see
 * events.h.
 */
#include "common/base/mem.h"
#include "server/store/events.h"

/* ---- text and decisions ------------------------------------------------------------------- */

static enum err set_decisions(struct db *db, int64_t id, const struct event_decisions *d)
{
    struct query q = query_on(db, "DELETE FROM event_decision WHERE event = $1");
    enum err err;

    query_int(&q, id);
    err = query_run(&q);
    for (size_t i = 0; !err && i < d->n; i++) {
        q = query_on(db, "INSERT INTO event_decision (event, no, text, who, who_name, due) "
                         "VALUES ($1, $2, $3, $4, $5, $6)");
        query_int(&q, id);
        query_int(&q, (int64_t)i + 1);
        query_text(&q, d->items[i].text);
        query_id_or_null(&q, d->items[i].who.v);
        query_text(&q, d->items[i].who_name);
        query_text(&q, d->items[i].due);
        err = query_run(&q);
    }
    return err;
}

enum err event_minutes_save(struct db *db, int64_t id, const char *text,
                            const struct event_decisions *d)
{
    struct query q = query_on(db, "UPDATE event SET minutes_text = $2, rev = rev + 1 "
                                  "WHERE id = $1 RETURNING id");
    enum err err;

    query_int(&q, id);
    query_text(&q, text);
    query_row(&q);
    err = query_end_found(&q);
    return err ? err : set_decisions(db, id, d);
}

enum err event_minutes_text(struct db *db, int64_t id, char **text)
{
    struct query q = query_on(db, "SELECT minutes_text FROM event WHERE id = $1");
    char *found = NULL;
    enum err err;

    query_int(&q, id);
    if (query_row(&q))
        found = row_text_dup(&q);
    err = query_end_found(&q);
    if (err)
        mem_free(found);
    else
        *text = found;
    return err;
}

enum err event_decisions_load(struct db *db, int64_t id, struct event_decisions *out)
{
    struct query q = query_on(db, "SELECT text, who, who_name, due FROM event_decision "
                                  "WHERE event = $1 ORDER BY no");
    struct event_decisions l = { 0 };
    struct event_decision *item;
    enum err err;

    query_int(&q, id);
    while (QUERY_NEXT(&q, &l, item)) {
        row_text(&q, item->text, sizeof item->text);
        item->who.v = row_int(&q);
        row_text(&q, item->who_name, sizeof item->who_name);
        row_text(&q, item->due, sizeof item->due);
    }
    err = query_end(&q);
    if (err)
        event_decisions_free(&l);
    else
        *out = l;
    return err;
}

void event_decisions_free(struct event_decisions *d)
{
    mem_free(d->items);
    *d = (struct event_decisions){ 0 };
}

/* ---- closing ------------------------------------------------------------------------------ */

enum err event_freeze(struct db *db, int64_t id, int quorum_needed, int64_t now_ms,
                      struct user_id by)
{
    struct query q = query_on(db, "UPDATE event SET minutes = 'frozen', frozen_ms = $3, "
                                  "frozen_by = $4, quorum_needed = $2, rev = rev + 1 "
                                  "WHERE id = $1 AND minutes = 'draft' RETURNING id");

    query_int(&q, id);
    query_id_or_null(&q, quorum_needed);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    query_row(&q);
    return query_end_found(&q);
}

enum err event_signatures(struct db *db, int64_t id, struct event_signatures *out)
{
    struct query q =
        query_on(db, "SELECT coalesce(max(CASE part WHEN 'chair' THEN signed_ms END), 0), "
                     "coalesce(max(CASE part WHEN 'secretary' THEN signed_ms END), 0) "
                     "FROM event_signature WHERE event = $1");

    query_int(&q, id);
    if (query_row(&q)) {
        out->chair_ms = row_int(&q);
        out->secretary_ms = row_int(&q);
    }
    return query_end_found(&q);
}

enum err event_sign(struct db *db, int64_t id, bool chair, struct user_id user, int64_t now_ms)
{
    struct query q = query_on(db, "INSERT INTO event_signature (event, part, user_id, signed_ms) "
                                  "VALUES ($1, $2, $3, $4)");
    enum err err;

    query_int(&q, id);
    query_text(&q, chair ? "chair" : "secretary");
    query_int(&q, user.v);
    query_int(&q, now_ms);
    err = query_run(&q);
    if (err)
        return err;
    q = query_on(db, "UPDATE event SET rev = rev + 1, minutes = CASE WHEN (SELECT count(*) FROM "
                     "event_signature s WHERE s.event = $1) = 2 THEN 'signed' ELSE minutes END "
                     "WHERE id = $1 RETURNING id");
    query_int(&q, id);
    query_row(&q);
    return query_end_found(&q);
}

/* ---- addenda ------------------------------------------------------------------------------ */

enum err event_addendum_add(struct db *db, int64_t id, const char *text, int64_t now_ms,
                            struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO event_addendum (event, text, added_ms, added_by) "
                                  "VALUES ($1, $2, $3, $4)");
    enum err err;

    query_int(&q, id);
    query_text(&q, text);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    err = query_run(&q);
    return err ? err : event_touch(db, id);
}

enum err event_addenda(struct db *db, int64_t id, struct event_addenda *out)
{
    struct query q = query_on(db, "SELECT text, added_ms, added_by FROM event_addendum "
                                  "WHERE event = $1 ORDER BY id");
    struct event_addenda l = { 0 };
    struct event_addendum *item;
    enum err err;

    query_int(&q, id);
    while (QUERY_NEXT(&q, &l, item)) {
        row_text(&q, item->text, sizeof item->text);
        item->added_ms = row_int(&q);
        item->added_by.v = row_int(&q);
    }
    err = query_end(&q);
    if (err)
        event_addenda_free(&l);
    else
        *out = l;
    return err;
}

void event_addenda_free(struct event_addenda *l)
{
    mem_free(l->items);
    *l = (struct event_addenda){ 0 };
}
