/* SPDX-License-Identifier: Apache-2.0
 *
 * Invitations to events, answers and attendance as rows; see events.h.
 */
#include "common/base/mem.h"
#include "server/store/events.h"

/* ---- writing ------------------------------------------------------------------------------ */

static enum err insert(struct db *db, int64_t id, const struct event_invite *i, int64_t now_ms,
                       struct user_id by, bool *added)
{
    struct query q = query_on(
        db, "INSERT INTO event_invite (event, user_id, child, exception, part, via, invited_ms, "
            "invited_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (event, user_id) "
            "DO UPDATE SET withdrawn_ms = NULL, child = excluded.child, exception = "
            "excluded.exception, "
            "part = excluded.part, via = excluded.via, invited_ms = excluded.invited_ms, "
            "invited_by = excluded.invited_by, answer = NULL, note = '', answered_ms = NULL, "
            "answered_by = NULL, mark = NULL, marked_ms = NULL, marked_by = NULL "
            "WHERE event_invite.withdrawn_ms IS NOT NULL RETURNING event");

    query_int(&q, id);
    query_int(&q, i->user.v);
    query_id_or_null(&q, i->child.v);
    query_text(&q, i->exception);
    query_text(&q, event_part_name(i->part));
    query_text(&q, event_via_name(i->via));
    query_int(&q, now_ms);
    query_int(&q, by.v);
    *added = query_row(&q);
    return query_end(&q);
}

/* Who is invited already: the part may rise, from a listener to a speaker, and is never lost to a
 * later invitation of a whole role. */
static enum err raise_part(struct db *db, int64_t id, const struct event_invite *i)
{
    struct query q = query_on(db, "UPDATE event_invite SET part = $3 WHERE event = $1 "
                                  "AND user_id = $2 AND part <> 'host'");

    query_int(&q, id);
    query_int(&q, i->user.v);
    query_text(&q, event_part_name(i->part));
    return query_run(&q);
}

enum err event_invite_add(struct db *db, int64_t id, const struct event_invite *i, int64_t now_ms,
                          struct user_id by, bool *added)
{
    enum err err = insert(db, id, i, now_ms, by, added);

    return err || *added || i->part == EVENT_PART_LISTENER ? err : raise_part(db, id, i);
}

static enum err set_host(struct db *db, int64_t id, struct user_id user, int64_t now_ms,
                         struct user_id by, bool *added)
{
    const struct event_invite i = { .user = user,
                                    .part = EVENT_PART_HOST,
                                    .via = EVENT_VIA_PERSON };

    return event_invite_add(db, id, &i, now_ms, by, added);
}

enum err event_hosts_set(struct db *db, const struct event *e, int64_t now_ms, struct user_id by,
                         bool added[2])
{
    struct query q = query_on(db, "UPDATE event_invite SET part = 'listener' WHERE event = $1 "
                                  "AND part = 'host' AND user_id NOT IN ($2, $3)");
    enum err err;

    query_int(&q, e->id);
    query_int(&q, e->chair.v);
    query_int(&q, e->secretary.v);
    err = query_run(&q);
    if (!err)
        err = set_host(db, e->id, e->chair, now_ms, by, &added[0]);
    return err ? err : set_host(db, e->id, e->secretary, now_ms, by, &added[1]);
}

enum err event_invite_withdraw(struct db *db, int64_t id, struct user_id user, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE event_invite SET withdrawn_ms = $3 WHERE event = $1 "
                                  "AND user_id = $2 AND withdrawn_ms IS NULL RETURNING event");

    query_int(&q, id);
    query_int(&q, user.v);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err event_invite_answer(struct db *db, int64_t id, struct user_id user,
                             enum event_answer answer, const char *note, int64_t now_ms,
                             struct user_id by)
{
    struct query q =
        query_on(db, "UPDATE event_invite SET answer = $3, note = $4, answered_ms = $5, "
                     "answered_by = $6 WHERE event = $1 AND user_id = $2 RETURNING event");

    query_int(&q, id);
    query_int(&q, user.v);
    query_text(&q, event_answer_name(answer));
    query_text(&q, note);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    query_row(&q);
    return query_end_found(&q);
}

enum err event_invite_mark(struct db *db, int64_t id, struct user_id user, enum event_mark mark,
                           int64_t now_ms, struct user_id by)
{
    struct query q =
        query_on(db, "UPDATE event_invite SET mark = $3, marked_ms = $4, marked_by = $5 "
                     "WHERE event = $1 AND user_id = $2 RETURNING event");

    query_int(&q, id);
    query_int(&q, user.v);
    query_text(&q, event_mark_name(mark));
    query_int(&q, now_ms);
    query_int(&q, by.v);
    query_row(&q);
    return query_end_found(&q);
}

/* ---- reading ------------------------------------------------------------------------------ */

#define INVITES                                                                                    \
    "SELECT i.user_id, i.child, i.exception, i.part, i.via, i.invited_ms, i.answer, i.note, "      \
    "i.answered_ms, i.answered_by, i.mark, i.marked_by, u.name, u.short_name "                     \
    "FROM event_invite i JOIN \"user\" u ON u.id = i.user_id "                                     \
    "WHERE i.event = $1 AND i.withdrawn_ms IS NULL "
#define IN_ORDER "ORDER BY CASE i.part WHEN 'host' THEN 0 WHEN 'speaker' THEN 1 ELSE 2 END, u.name"

static void read_invite(struct query *q, struct event_invite *i)
{
    char part[20], via[20], answer[20], mark[20];

    *i = (struct event_invite){ .user.v = row_int(q) };
    i->child.v = row_int(q);
    i->seat.child = i->child.v != 0;
    row_text(q, i->exception, sizeof i->exception);
    row_text(q, part, sizeof part);
    row_text(q, via, sizeof via);
    i->seat.invited_ms = row_int(q);
    row_text(q, answer, sizeof answer);
    row_text(q, i->note, sizeof i->note);
    i->answered_ms = row_int(q);
    i->answered_by.v = row_int(q);
    row_text(q, mark, sizeof mark);
    i->marked_by.v = row_int(q);
    row_text(q, i->name, sizeof i->name);
    row_text(q, i->short_name, sizeof i->short_name);
    if (q->err == ERR_OK && (!event_part_parse(part, &i->part) || !event_via_parse(via, &i->via) ||
                             (answer[0] && !event_answer_parse(answer, &i->seat.answer)) ||
                             (mark[0] && !event_mark_parse(mark, &i->mark))))
        query_blame(q);
}

static enum err read_all(struct query *q, struct event_invites *out)
{
    struct event_invites l = { 0 };
    struct event_invite *item;
    enum err err;

    while (QUERY_NEXT(q, &l, item))
        read_invite(q, item);
    err = query_end(q);
    if (err)
        event_invites_free(&l);
    else
        *out = l;
    return err;
}

enum err event_invites(struct db *db, int64_t id, struct event_invites *out)
{
    struct query q = query_on(db, INVITES IN_ORDER);

    query_int(&q, id);
    return read_all(&q, out);
}

enum err event_invites_of(struct db *db, int64_t id, struct user_id user, int64_t now_ms,
                          struct event_invites *out)
{
    struct query q =
        query_on(db, INVITES "AND (i.user_id = $2 OR EXISTS (SELECT 1 FROM guardian_link g WHERE "
                             "g.child = i.child AND g.user_id = $2 AND g.rights = 'full' AND "
                             "g.from_ms <= $3 AND (g.to_ms IS NULL OR g.to_ms > $3))) " IN_ORDER);

    query_int(&q, id);
    query_int(&q, user.v);
    query_int(&q, now_ms);
    return read_all(&q, out);
}

enum err event_invite_load(struct db *db, int64_t id, struct user_id user, struct event_invite *out)
{
    struct query q = query_on(db, INVITES "AND i.user_id = $2");

    query_int(&q, id);
    query_int(&q, user.v);
    if (query_row(&q))
        read_invite(&q, out);
    return query_end_found(&q);
}

void event_invites_free(struct event_invites *l)
{
    mem_free(l->items);
    *l = (struct event_invites){ 0 };
}

/* ---- who can be invited ------------------------------------------------------------------- */

enum err event_adults(struct db *db, struct org_id centre, enum role role, struct org_id school,
                      struct user_id user, int64_t at_ms, struct event_adults *out)
{
    struct query q = query_on(
        db, "SELECT DISTINCT u.id, g.role, u.name FROM role_grant g JOIN \"user\" u "
            "ON u.id = g.user_id JOIN org o ON o.id = g.org WHERE (o.id = $1 OR o.parent = $1) "
            "AND g.role IN ('guardian', 'mentor', 'coordinator', 'school_officer') "
            "AND ($2 = 'none' OR g.role = $2) AND ($3 = 0 OR g.org = $3) AND ($4 = 0 OR u.id = $4) "
            "AND g.from_ms <= $5 AND (g.to_ms IS NULL OR g.to_ms > $5) AND u.status = 'active' "
            "AND NOT EXISTS (SELECT 1 FROM child c WHERE c.user_id = u.id) "
            "ORDER BY u.name, u.id, g.role");
    struct event_adults l = { 0 };
    struct event_adult *item;
    enum err err;

    query_int(&q, centre.v);
    query_text(&q, role_name(role));
    query_int(&q, school.v);
    query_int(&q, user.v);
    query_int(&q, at_ms);
    while (QUERY_NEXT(&q, &l, item)) {
        char word[20];

        item->user.v = row_int(&q);
        row_text(&q, word, sizeof word);
        if (q.err == ERR_OK && !role_parse(word, &item->role))
            query_blame(&q);
        row_text(&q, item->name, sizeof item->name);
    }
    err = query_end(&q);
    if (err)
        event_adults_free(&l);
    else
        *out = l;
    return err;
}

void event_adults_free(struct event_adults *l)
{
    mem_free(l->items);
    *l = (struct event_adults){ 0 };
}
