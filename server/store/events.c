/* SPDX-License-Identifier: Apache-2.0
 *
 * Events, their agendas and settings as rows; see events.h.
 */
#include "server/store/events.h"

#include "common/base/mem.h"
#include "server/store/org.h"

/* ---- writing ------------------------------------------------------------------------------ */

enum err event_add(struct db *db, const struct event *e, int64_t now_ms, struct user_id by,
                   int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO event (centre, kind, title, about, place, tz, "
                                  "start_ms, end_ms, answer_by_ms, chair, secretary, changed_ms, "
                                  "created_ms, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                                  "$8, $9, $10, $11, $12, $12, $13) RETURNING id");

    query_int(&q, e->centre.v);
    query_text(&q, event_kind_name(e->kind));
    query_text(&q, e->title);
    query_text(&q, e->about);
    query_text(&q, e->place);
    query_text(&q, e->tz);
    query_int(&q, e->facts.start_ms);
    query_int(&q, e->facts.end_ms);
    query_int(&q, e->facts.answer_by_ms);
    query_int(&q, e->chair.v);
    query_int(&q, e->secretary.v);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_insert(&q, out_id);
}

enum err event_save(struct db *db, const struct event *e, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE event SET kind = $2, title = $3, about = $4, "
                                  "answer_by_ms = $5, chair = $6, secretary = $7, changed_ms = $8, "
                                  "rev = rev + 1 WHERE id = $1 RETURNING id");

    query_int(&q, e->id);
    query_text(&q, event_kind_name(e->kind));
    query_text(&q, e->title);
    query_text(&q, e->about);
    query_int(&q, e->facts.answer_by_ms);
    query_int(&q, e->chair.v);
    query_int(&q, e->secretary.v);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

static enum err ask_anew(struct db *db, int64_t id)
{
    struct query q = query_on(db, "UPDATE event_invite SET answer = NULL, note = '', "
                                  "answered_ms = NULL, answered_by = NULL WHERE event = $1");

    query_int(&q, id);
    return query_run(&q);
}

enum err event_move(struct db *db, const struct event *e, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE event SET start_ms = $2, end_ms = $3, "
                                  "answer_by_ms = $4, place = $5, reason = $6, changed_ms = $7, "
                                  "change = change + 1, rev = rev + 1 WHERE id = $1 RETURNING id");
    enum err err;

    query_int(&q, e->id);
    query_int(&q, e->facts.start_ms);
    query_int(&q, e->facts.end_ms);
    query_int(&q, e->facts.answer_by_ms);
    query_text(&q, e->place);
    query_text(&q, e->reason);
    query_int(&q, now_ms);
    query_row(&q);
    err = query_end_found(&q);
    return err ? err : ask_anew(db, e->id);
}

enum err event_cancel(struct db *db, int64_t id, const char *reason, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE event SET cancelled_ms = $3, reason = $2, "
                                  "changed_ms = $3, change = change + 1, rev = rev + 1 "
                                  "WHERE id = $1 AND cancelled_ms IS NULL RETURNING id");

    query_int(&q, id);
    query_text(&q, reason);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err event_touch(struct db *db, int64_t id)
{
    struct query q = query_on(db, "UPDATE event SET rev = rev + 1 WHERE id = $1 RETURNING id");

    query_int(&q, id);
    query_row(&q);
    return query_end_found(&q);
}

/* ---- reading ------------------------------------------------------------------------------ */

#define COLUMNS                                                                                    \
    "e.id, e.centre, e.kind, e.title, e.about, e.place, e.tz, e.start_ms, e.end_ms, "              \
    "e.answer_by_ms, e.chair, e.secretary, e.cancelled_ms, e.reason, e.minutes, e.frozen_ms, "     \
    "e.quorum_needed, e.rev, e.change, e.changed_ms, e.created_by"

static void read_event(struct query *q, struct event *e)
{
    char word[20];

    *e = (struct event){ .id = row_int(q) };
    e->centre.v = row_int(q);
    row_text(q, word, sizeof word);
    if (q->err == ERR_OK && !event_kind_parse(word, &e->kind))
        query_blame(q);
    row_text(q, e->title, sizeof e->title);
    row_text(q, e->about, sizeof e->about);
    row_text(q, e->place, sizeof e->place);
    row_text(q, e->tz, sizeof e->tz);
    e->facts.start_ms = row_int(q);
    e->facts.end_ms = row_int(q);
    e->facts.answer_by_ms = row_int(q);
    e->chair.v = row_int(q);
    e->secretary.v = row_int(q);
    e->cancelled_ms = row_int(q);
    e->facts.cancelled = e->cancelled_ms != 0;
    row_text(q, e->reason, sizeof e->reason);
    row_text(q, word, sizeof word);
    if (q->err == ERR_OK && !event_minutes_parse(word, &e->facts.minutes))
        query_blame(q);
    e->frozen_ms = row_int(q);
    e->quorum_needed = (int)row_int(q);
    e->rev = row_int(q);
    e->change = row_int(q);
    e->changed_ms = row_int(q);
    e->created_by.v = row_int(q);
}

enum err event_load(struct db *db, int64_t id, struct event *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM event e WHERE e.id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_event(&q, out);
    return query_end_found(&q);
}

/* $1 centre, $2 user, $3 now, $4 from, $5 to, $6 limit, $7 first */
#define SEEN                                                                                       \
    "SELECT " COLUMNS " FROM event e WHERE e.end_ms >= $4 AND e.end_ms < $5 AND (e.centre = $1 "   \
    "OR EXISTS (SELECT 1 FROM event_invite i WHERE i.event = e.id AND i.withdrawn_ms IS NULL "     \
    "AND ((i.user_id = $2 AND (i.child IS NULL OR i.answer = 'yes')) OR EXISTS (SELECT 1 FROM "    \
    "guardian_link g WHERE g.child = i.child AND g.user_id = $2 AND g.rights = 'full' "            \
    "AND g.from_ms <= $3 AND (g.to_ms IS NULL OR g.to_ms > $3))))) ORDER BY "

enum err event_list(struct db *db, const struct event_filter *f, struct event_list *out)
{
    struct query q = f->newest_first
                         ? query_on(db, SEEN "e.start_ms DESC, e.id DESC LIMIT $6 OFFSET $7")
                         : query_on(db, SEEN "e.start_ms, e.id LIMIT $6 OFFSET $7");
    struct event_list l = { 0 };
    struct event *item;
    enum err err;

    query_int(&q, f->centre.v);
    query_int(&q, f->user.v);
    query_int(&q, f->now_ms);
    query_int(&q, f->from_ms);
    query_int(&q, f->to_ms);
    query_int(&q, (int64_t)f->limit);
    query_int(&q, (int64_t)f->first);
    while (QUERY_NEXT(&q, &l, item))
        read_event(&q, item);
    err = query_end(&q);
    if (err)
        event_list_free(&l);
    else
        *out = l;
    return err;
}

void event_list_free(struct event_list *l)
{
    mem_free(l->items);
    *l = (struct event_list){ 0 };
}

/* ---- agenda ------------------------------------------------------------------------------- */

enum err event_agenda_set(struct db *db, int64_t id, const struct event_agenda *a)
{
    struct query q = query_on(db, "DELETE FROM event_item WHERE event = $1");
    enum err err;

    query_int(&q, id);
    err = query_run(&q);
    for (int i = 0; !err && i < a->n; i++) {
        const struct event_item *item = &a->items[i];

        q = query_on(db, "INSERT INTO event_item (event, no, title, speaker, speaker_name, "
                         "minutes) VALUES ($1, $2, $3, $4, $5, $6)");
        query_int(&q, id);
        query_int(&q, i + 1);
        query_text(&q, item->title);
        query_id_or_null(&q, item->speaker.v);
        query_text(&q, item->speaker_name);
        query_int(&q, item->minutes);
        err = query_run(&q);
    }
    return err;
}

enum err event_agenda_load(struct db *db, int64_t id, struct event_agenda *out)
{
    struct query q = query_on(db, "SELECT title, speaker, speaker_name, minutes FROM event_item "
                                  "WHERE event = $1 ORDER BY no");

    out->n = 0;
    query_int(&q, id);
    while (out->n < EVENT_ITEMS_MAX && query_row(&q)) {
        struct event_item *item = &out->items[out->n++];

        row_text(&q, item->title, sizeof item->title);
        item->speaker.v = row_int(&q);
        row_text(&q, item->speaker_name, sizeof item->speaker_name);
        item->minutes = (int)row_int(&q);
    }
    return query_end(&q);
}

/* ---- settings ----------------------------------------------------------------------------- */

enum err policy_event(struct db *db, struct org_id org, int64_t at_ms, struct event_policy *out)
{
    struct event_policy p = event_policy_default();
    size_t n;
    const struct event_setting *s = event_settings(&n);

    for (size_t i = 0; i < n; i++) {
        int *value = (int *)(void *)((char *)&p + s[i].offset);
        int64_t v = *value;
        enum err err = policy_int(db, org, s[i].key, at_ms, s[i].min, s[i].max, v, &v);

        if (err)
            return err;
        *value = (int)v;
    }
    *out = p;
    return ERR_OK;
}
