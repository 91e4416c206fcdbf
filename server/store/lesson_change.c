/* SPDX-License-Identifier: Apache-2.0
 *
 * Changing the schedule. The rules of time and people are checked before, by
 * domain/schedule; the triggers of the database are the second wall.
 */
#include <string.h>

#include "server/store/lesson.h"

enum err schedule_published(struct db *db, struct org_id org, int64_t now_ms, struct user_id by,
                            int64_t *out_version)
{
    struct query q = query_on(db, "SELECT id FROM schedule_version "
                                  "WHERE org = $1 AND state = 'published'");
    int64_t id = 0;
    enum err e;

    query_int(&q, org.v);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end(&q);
    if (!e && id == 0) {
        q = query_on(db, "INSERT INTO schedule_version (org, no, state, published_ms, created_ms, "
                         "created_by) SELECT $1, COALESCE(max(no), 0) + 1, 'published', $2, $2, $3 "
                         "FROM schedule_version WHERE org = $1 RETURNING id");
        query_int(&q, org.v);
        query_int(&q, now_ms);
        query_id_or_null(&q, by.v);
        if (query_row(&q))
            id = row_int(&q);
        e = query_end_found(&q);
    }
    if (!e)
        *out_version = id;
    return e;
}

static enum err insert_lesson(struct db *db, const struct lesson_plan *p, int64_t version,
                              int64_t now_ms, struct user_id by, struct lesson_id *out)
{
    struct query q = query_on(db, "INSERT INTO lesson (version, org, kind, subject, mentor, "
                                  "planned_mentor, start_ms, end_ms, tz, state, state_ms, "
                                  "make_up_of, created_ms, created_by) VALUES ($1, $2, $3, $4, $5, "
                                  "$6, $7, $8, $9, $10, $11, $12, $11, $13) RETURNING id");
    const char *kind = p->kind ? p->kind : p->children_n > 1 ? "group" : "lesson";
    struct lesson_id id = { 0 };
    enum err e;

    query_int(&q, version);
    query_int(&q, p->org.v);
    query_text(&q, kind);
    query_int(&q, p->subject_id);
    query_int(&q, p->mentor.v);
    query_int(&q, p->planned_mentor.v ? p->planned_mentor.v : p->mentor.v);
    query_int(&q, p->start_ms);
    query_int(&q, p->end_ms);
    query_text(&q, p->tz);
    query_text(&q, lesson_state_name(p->state));
    query_int(&q, now_ms);
    query_id_or_null(&q, p->make_up_of.v);
    query_id_or_null(&q, by.v);
    if (query_row(&q))
        id.v = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out = id;
    return e;
}

enum err lesson_add_row(struct db *db, const struct lesson_plan *p, int64_t now_ms,
                        struct user_id by, struct lesson_id *out)
{
    int64_t version = 0;
    enum err e = schedule_published(db, p->org, now_ms, by, &version);

    return e ? e : insert_lesson(db, p, version, now_ms, by, out);
}

static enum err insert_seats(struct db *db, const struct lesson_plan *p, struct lesson_id id)
{
    enum err e = ERR_OK;

    for (int i = 0; !e && i < p->children_n; i++) {
        struct query q = query_on(db, "INSERT INTO lesson_child (lesson, child, school) "
                                      "SELECT $1, id, org_school FROM child WHERE id = $2 "
                                      "RETURNING lesson");

        query_int(&q, id.v);
        query_int(&q, p->children[i].v);
        query_row(&q);
        e = query_end_found(&q);
    }
    return e;
}

enum err lesson_add_to(struct db *db, const struct lesson_plan *p, int64_t version, int64_t now_ms,
                       struct user_id by, struct lesson_id *out)
{
    struct lesson_id id = { 0 };
    enum err e;

    if (p->children_n < 1 || p->children_n > LESSON_CHILDREN_MAX)
        return ERR_INVAL;
    e = insert_lesson(db, p, version, now_ms, by, &id);
    if (!e)
        e = insert_seats(db, p, id);
    if (!e)
        *out = id;
    return e;
}

enum err lesson_add(struct db *db, const struct lesson_plan *p, int64_t now_ms, struct user_id by,
                    struct lesson_id *out)
{
    int64_t version = 0;
    enum err e;

    if (p->children_n < 1 || p->children_n > LESSON_CHILDREN_MAX)
        return ERR_INVAL;
    e = schedule_published(db, p->org, now_ms, by, &version);
    return e ? e : lesson_add_to(db, p, version, now_ms, by, out);
}

/* Any legal change of state by the office, with its reason. */
static enum err change_state(struct db *db, const struct lesson *l, enum lesson_state to,
                             const char *reason, enum side side, struct lesson_id moved_to,
                             int64_t at_ms)
{
    struct query q;

    if (!lesson_state_may_become(l->facts.state, to))
        return ERR_STATE;
    q = query_on(db, "UPDATE lesson SET state = $2, state_ms = $3, reason = $4, side = $5, "
                     "moved_to = $6, rev = rev + 1, seq = seq + 1 WHERE id = $1");
    query_int(&q, l->facts.id.v);
    query_text(&q, lesson_state_name(to));
    query_int(&q, at_ms);
    query_text(&q, reason);
    query_text(&q, side_name(side));
    query_id_or_null(&q, moved_to.v);
    return query_run(&q);
}

static enum err point_to(struct db *db, struct lesson_id old, struct lesson_id moved_to)
{
    struct query q = query_on(db, "UPDATE lesson SET moved_to = $2 WHERE id = $1");

    query_int(&q, old.v);
    query_int(&q, moved_to.v);
    return query_run(&q);
}

enum err lesson_move(struct db *db, struct lesson_id id, int64_t start_ms, int64_t end_ms,
                     const char *reason, enum side side, int64_t now_ms, struct user_id by,
                     struct lesson_id *out)
{
    struct lesson l;
    struct lesson_id fresh = { 0 };
    struct lesson_plan p;
    enum err e = lesson_load(db, id, &l);

    if (e)
        return e;
    p = (struct lesson_plan){ .org = l.org,
                              .subject_id = l.subject_id,
                              .mentor = l.mentor,
                              .planned_mentor = l.planned_mentor,
                              .children_n = l.seats_n,
                              .start_ms = start_ms,
                              .end_ms = end_ms,
                              .tz = l.tz,
                              .kind = l.kind,
                              .state = l.facts.state, /* one that lacks a mentor still does */
                              .make_up_of = l.make_up_of };
    for (int i = 0; i < l.seats_n; i++)
        p.children[i] = l.seats[i].child;
    /* The old one first, so that it is not in the way of the new one. */
    e = change_state(db, &l, LESSON_RESCHEDULED, reason, side, (struct lesson_id){ 0 }, now_ms);
    if (!e)
        e = lesson_add(db, &p, now_ms, by, &fresh);
    if (!e)
        e = point_to(db, id, fresh);
    if (!e)
        *out = fresh;
    return e;
}

enum err lesson_cancel(struct db *db, struct lesson_id id, const char *reason, enum side side,
                       int64_t now_ms)
{
    struct lesson l;
    enum err e = lesson_load(db, id, &l);

    return e ? e
             : change_state(db, &l, LESSON_CANCELLED, reason, side, (struct lesson_id){ 0 },
                            now_ms);
}

enum err lesson_needs_substitute(struct db *db, struct lesson_id id, const char *reason,
                                 int64_t now_ms)
{
    struct lesson l;
    enum err e = lesson_load(db, id, &l);

    return e ? e
             : change_state(db, &l, LESSON_NEEDS_SUBSTITUTE, reason, SIDE_MENTOR,
                            (struct lesson_id){ 0 }, now_ms);
}

enum err lesson_substitute(struct db *db, struct lesson_id id, struct mentor_id mentor,
                           const char *reason, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE lesson SET mentor = $2, state = 'scheduled', "
                                  "state_ms = $4, reason = $3, rev = rev + 1, seq = seq + 1 "
                                  "WHERE id = $1 AND state IN ('scheduled', 'needs_substitute') "
                                  "RETURNING id");
    enum err e;

    query_int(&q, id.v);
    query_int(&q, mentor.v);
    query_text(&q, reason);
    query_int(&q, now_ms);
    query_row(&q);
    e = query_end_found(&q);
    return e == ERR_NOTFOUND ? ERR_STATE : e;
}

static enum err state_of(struct db *db, struct lesson_id id, enum lesson_state *out)
{
    struct query q = query_on(db, "SELECT state FROM lesson WHERE id = $1");
    char name[24] = "";
    enum err e;

    query_int(&q, id.v);
    if (query_row(&q)) {
        row_text(&q, name, sizeof name);
        if (!lesson_state_parse(name, out))
            query_blame(&q);
    }
    e = query_end_found(&q);
    return e;
}

static enum err write_state(struct db *db, struct lesson_id id, enum lesson_state to, int64_t at_ms)
{
    struct query q = query_on(db, "UPDATE lesson SET state = $2, state_ms = $3, rev = rev + 1 "
                                  "WHERE id = $1");

    query_int(&q, id.v);
    query_text(&q, lesson_state_name(to));
    query_int(&q, at_ms);
    return query_run(&q);
}

enum err lesson_set_state(struct db *db, struct lesson_id id, enum lesson_state to, int64_t at_ms)
{
    enum lesson_state from = LESSON_PLANNED;
    enum err e = state_of(db, id, &from);

    if (e || from == to)
        return e;
    if (from == LESSON_SCHEDULED && to != LESSON_OPEN && lesson_state_may_become(LESSON_OPEN, to) &&
        !lesson_state_may_become(from, to)) {
        e = write_state(db, id, LESSON_OPEN, at_ms);
        if (e)
            return e;
        from = LESSON_OPEN;
    }
    if (!lesson_state_may_become(from, to))
        return ERR_STATE;
    return write_state(db, id, to, at_ms);
}
